import Contracts
import Foundation
import HTTPKit
import Logging
import Metrics
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Turns a ``HoldfastService`` into a process: settings, logs, metrics, tokens, servers, signals, a graceful end.
package enum ServiceRunner {
    /// The version that `--version` prints.
    package static let version = "0.1.0"

    /// Exit status for settings that cannot be used (`EX_USAGE`).
    static let usageStatus: Int32 = 64

    /// The whole life of a service's process; does not return.
    package static func main<Main: HoldfastService>(_ service: Main.Type) async -> Never {
        signal(SIGPIPE, SIG_IGN)
        ProcessLimits.raiseOpenFiles()
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            let flags = try CommandLineFlags(arguments)
            if flags.wantsHelp {
                print(try helpText(service))
                exit(0)
            }
            if flags.wantsVersion {
                print("holdfast \(service.name.rawValue) \(version)")
                exit(0)
            }
            let settings = try await Settings(
                arguments: arguments, environment: ProcessInfo.processInfo.environment)
            // A mistyped flag is named before the setting that it fails to set is called missing.
            try settings.refuseFlags(notIn: try documentation(service))
            if flags.wantsHealthCheck { await checkHealth(try HealthCheck(settings, service: service.name)) }
            try await run(service, settings)
            exit(0)
        } catch let error as SettingsError {
            fail(service.name, "\(error)", usageStatus)
        } catch {
            fail(service.name, "cannot start: \(error)", 1)
        }
    }

    /// What `--help` prints for `service`.
    package static func helpText<Main: HoldfastService>(_ service: Main.Type) throws -> String {
        SettingsHelp.text(
            program: service.name.rawValue, summary: service.summary, settings: try documentation(service))
    }

    private static func documentation<Main: HoldfastService>(
        _ service: Main.Type
    ) throws -> [Settings.Description] {
        let settings = Settings.documenting()
        _ = try CommonSettings(settings, service: service.name)
        _ = try service.configuration(settings)
        return settings.documentation
    }

    private static func checkHealth(_ check: HealthCheck) async -> Never {
        let answer = await check.ask()
        print(answer.line)
        exit(answer.isReady ? 0 : 1)
    }

    private static func run<Main: HoldfastService>(_ service: Main.Type, _ settings: Settings) async throws {
        let common = try CommonSettings(settings, service: service.name)
        let configuration = try service.configuration(settings)
        let sink = try LogSink(file: common.logFile)
        LoggingSystem.bootstrap { label in
            ServiceLogHandler(label: label, level: common.logLevel, format: common.logFormat, sink: sink)
        }
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: common.eventLoops)
        let logger = Logger(label: service.name.rawValue)
        let environment = ServiceEnvironment(
            name: service.name, common: common, logger: logger, eventLoopGroup: group,
            httpClient: HTTPClient(eventLoopGroup: group, logger: logger), clock: SystemClock(), metrics: metrics)
        do {
            let parts = try await service.build(configuration, environment)
            let service = RunningService(parts, environment)
            // Several loops share the work among their threads by connection; which of them a task belongs to is not
            // known here, so that tasks stay on the pool then.
            let executor = common.eventLoops == 1 ? EventLoopExecutor(group.next()) : nil
            try await withTaskExecutorPreference(executor) { try await service.run() }
        } catch {
            await environment.resources.closeAll()
            throw error
        }
        try? await group.shutdownGracefully()
        logger.info("stopped")
    }

    private static func fail(_ name: ServiceName, _ message: String, _ status: Int32) -> Never {
        let line = "\(name.rawValue): \(message.replacing("\n", with: " "))\n"
        FileHandle.standardError.write(Data(line.utf8))
        exit(status)
    }
}
