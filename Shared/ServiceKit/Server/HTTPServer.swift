package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves a responder over HTTP/1.1 until it is told to stop, then lets requests in progress finish.
///
/// Stands in for Hummingbird's `Application`. Its routes stay Hummingbird's; what lies between the socket and them is
/// the codec that the gateway uses as well, one task for a request and one write for its reply: half of what
/// NIOHTTP1's pipeline and an asynchronous channel cost.
package struct HTTPServer: Service {
    /// Open connections; one more is told 503 and closed.
    package static let connectionsMax = 16_384
    /// Connections that the kernel keeps until they are accepted.
    private static let backlog: Int32 = 1024

    private let responder: ServiceResponder
    private let host: String
    private let port: Int
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one
    ///   - onListening: told the port once connections are accepted
    package init(
        _ responder: ServiceResponder, host: String, port: Int, eventLoopGroup: any EventLoopGroup, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.responder = responder
        self.host = host
        self.port = port
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown; cancellation ends what is still under way.
    package func run() async throws {
        let loops = Array(eventLoopGroup.makeIterator())
        let application = ServedApplication(
            responder: responder, executor: loops.count == 1 ? loops.first.map(EventLoopExecutor.init) : nil,
            logger: logger)
        let connections = OpenConnections(limit: Self.connectionsMax)
        let listener = try await listen(application, connections)
        onListening(listener.localAddress?.port ?? port)
        // It throws when the task is cancelled, which ends the wait just as well.
        try? await gracefulShutdown()
        // A listener that is closed already is what closing wanted.
        try? await listener.close()
        await withTaskCancellationHandler {
            await connections.drain()
        } onCancel: {
            connections.closeAll()
        }
    }

    private func listen(_ application: ServedApplication, _ connections: OpenConnections) async throws -> any Channel {
        try await ServerBootstrap(group: eventLoopGroup)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = ServerConnection(application, on: channel)
                    connections.opened(channel, connection.bound)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(host: host, port: port)
            .get()
    }
}
