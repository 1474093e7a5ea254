import Contracts
import Foundation
import HTTPKit
import Logging
import NIOPosix
import ServiceKit

/// `search --rebuild`: has the index made anew and shows how far it is.
///
/// The running service does it, while it goes on searching the old index; without one the command does it itself, for
/// which events has to be running. `--restart true` begins anew where an interrupted build could be finished.
enum RebuildCommand {
    static let flag = "--rebuild"

    private static let pollInterval = Duration.milliseconds(250)
    private static let callDeadline = Duration.seconds(5)

    static func main() async -> Never {
        do {
            try await run()
            exit(0)
        } catch {
            FileHandle.standardError.write(Data("search: cannot rebuild the index: \(error)\n".utf8))
            exit(error is SettingsError ? 64 : 1)
        }
    }

    private static func run() async throws {
        var arguments = CommandLine.arguments.dropFirst().filter { $0 != flag }
        var restart = false
        if let index = arguments.firstIndex(of: "--restart") {
            restart = arguments.dropFirst(index + 1).first == "true"
            arguments.removeSubrange(index...min(index + 1, arguments.count - 1))
        }
        let settings = try await Settings(
            arguments: Array(arguments), environment: ProcessInfo.processInfo.environment)
        let documentation = Settings.documenting()
        _ = try CommonSettings(documentation, service: .search)
        _ = try SearchConfiguration(documentation)
        try settings.refuseFlags(notIn: documentation.documentation)
        let common = try CommonSettings(settings, service: .search)
        let configuration = try SearchConfiguration(settings)
        let group = MultiThreadedEventLoopGroup.singleton
        var logger = Logger(label: "search")
        logger.logLevel = .critical
        let environment = ServiceEnvironment(
            name: .search, common: common, logger: logger, eventLoopGroup: group,
            httpClient: HTTPClient(eventLoopGroup: group, logger: logger), clock: SystemClock(),
            metrics: PrometheusRegistry())
        let progress = RebuildProgress()
        do {
            try await rebuild(configuration, environment, RebuildRequest(restart: restart), progress)
        } catch {
            await environment.close()
            throw error
        }
        await environment.close()
    }

    private static func rebuild(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, _ request: RebuildRequest,
        _ progress: RebuildProgress
    ) async throws {
        let address = environment.common.address
        let service = ServiceCaller(
            service: .search,
            replicas: ReplicaDirectory(
                "search", at: [Endpoint(host: HealthCheck.reachable(address.host), port: address.port)]),
            http: environment.httpClient, credentials: environment.internalTokens)
        do {
            var status: RebuildStatus = try await service.call(
                "POST", "/internal/search/rebuild", body: request, in: .background(within: callDeadline))
            while status.state == .running {
                progress.show(status)
                try await Task.sleep(for: pollInterval)
                status = try await service.get("/internal/search/rebuild", in: .background(within: callDeadline))
            }
            try progress.finish(status)
        } catch ServiceCallError.unreachable(_, outcomeUnknown: false, _) {
            try await rebuildAlone(configuration, environment, request, progress)
        }
    }

    /// The service does not run: nobody else has its database.
    private static func rebuildAlone(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, _ request: RebuildRequest,
        _ progress: RebuildProgress
    ) async throws {
        let rebuild = RebuildIndex(
            index: try await SearchEngine.open(configuration, environment),
            feed: HTTPEventsClient(environment.caller(of: .events)), logger: environment.logger)
        let watching = Task {
            while !Task.isCancelled {
                progress.show(rebuild.status)
                try? await Task.sleep(for: pollInterval)
            }
        }
        defer { watching.cancel() }
        // The status says why, better than the error.
        try? await rebuild.build(restart: request.restart)
        try progress.finish(rebuild.status)
    }
}
