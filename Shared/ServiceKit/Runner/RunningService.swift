import Foundation
import HTTPKit
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A built service between its start and its end.
package struct RunningService: Sendable {
    /// Time that tasks have to notice that the grace is over.
    private static let cancellationGrace: Duration = .seconds(2)

    private let responder: ServiceResponder
    private let port: Int
    private let services: [any Service]
    private let onShutdown: [@Sendable () async -> Void]
    private let environment: ServiceEnvironment
    private let health: Health
    private let onListening: @Sendable (Int) -> Void

    /// - Parameter onListening: told the port of the server that has health and metrics
    package init(
        _ parts: ServiceParts, _ environment: ServiceEnvironment,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.environment = environment
        self.onListening = onListening
        let common = environment.common
        port = parts.router == nil ? common.address.healthPort : common.address.port
        services = [environment.httpClient, environment.replicaMonitor] + parts.services
        onShutdown = parts.onShutdown
        health = Health(environment.resources.readiness + parts.readiness)
        responder = Self.responder(parts, environment, health)
    }

    /// A service's routes with everything around them, as tests call them without a server.
    package static func responder(_ parts: ServiceParts, _ environment: ServiceEnvironment) -> ServiceResponder {
        responder(parts, environment, Health(environment.resources.readiness + parts.readiness))
    }

    private static func responder(
        _ parts: ServiceParts, _ environment: ServiceEnvironment, _ health: Health
    ) -> ServiceResponder {
        let router = parts.router ?? environment.makeRouter()
        router.addOperations(health, environment.metrics)
        return ServiceResponder(router, environment)
    }

    /// Runs until SIGTERM or SIGINT, or until something fails; returns when all is closed.
    ///
    /// The first signal makes the service say that it is not ready, then lets it finish what it has begun within
    /// `SHUTDOWN_SECONDS`. The second ends the process at once.
    package func run() async throws {
        let group = makeGroup()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watcher = Task { await watch(signals, group) }
        defer { watcher.cancel() }
        try await group.run()
        for step in onShutdown { await step() }
        await environment.resources.closeAll()
    }

    private func makeGroup() -> ServiceGroup {
        let common = environment.common
        let logger = environment.logger
        let server = HTTPServer(
            responder, host: common.address.host, port: port, eventLoopGroup: environment.eventLoopGroup, logger: logger
        ) { [onListening] port in
            logger.info("listening", metadata: ["host": "\(common.address.host)", "port": "\(port)"])
            onListening(port)
        }
        var configuration = ServiceGroupConfiguration(
            services: services + [server], logger: logger)
        configuration.maximumGracefulShutdownDuration = common.shutdownGrace
        return ServiceGroup(configuration: configuration)
    }

    private func watch(_ signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var isStopping = false
        for await signal in signals {
            guard !isStopping else {
                environment.logger.warning("second signal: ending at once", metadata: ["signal": "\(signal)"])
                exit(1)
            }
            isStopping = true
            environment.logger.info("stopping", metadata: ["signal": "\(signal)"])
            health.beginStopping()
            Task { await stop(group) }
        }
    }

    private func stop(_ group: ServiceGroup) async {
        try? await Task.sleep(for: environment.drainGracePeriod)
        await group.triggerGracefulShutdown()
        try? await Task.sleep(for: environment.common.shutdownGrace + Self.cancellationGrace)
        environment.logger.error("something did not stop in time: ending at once")
        exit(1)
    }
}
