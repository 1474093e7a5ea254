import Contracts
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Accepts clients until it is told to stop, then lets requests under way finish.
final class GatewayServer: Service, Sendable {
    /// Connections that the kernel keeps until they are accepted.
    private static let backlog: Int32 = 1_024
    /// What the kernel keeps of a client's input that is held up; by itself it would grow to many megabytes.
    private static let receiveBufferBytes = 262_144

    private let address: Endpoint
    private let limits: GatewayLimits
    private let metrics: GatewayMetrics
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let loops: [ObjectIdentifier: NIOLoopBoundBox<GatewayLoop>]
    private let connectionCount = Atomic<Int>(0)
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - address: where to listen; port 0 takes any free one
    ///   - onListening: told the port once connections are accepted
    init(
        address: Endpoint, limits: GatewayLimits, directories: [ServiceName: ReplicaDirectory], health: ServiceHealth,
        documents: PublicDocuments, metrics: GatewayMetrics, eventLoopGroup: any EventLoopGroup, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.address = address
        self.limits = limits
        self.metrics = metrics
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
        let eventLoops = Array(eventLoopGroup.makeIterator())
        var loops: [ObjectIdentifier: NIOLoopBoundBox<GatewayLoop>] = [:]
        for eventLoop in eventLoops {
            loops[ObjectIdentifier(eventLoop)] = .makeBoxSendingValue(
                GatewayLoop(
                    eventLoop: eventLoop, share: eventLoops.count, limits: limits, directories: directories,
                    health: health, documents: documents, metrics: metrics, logger: logger),
                eventLoop: eventLoop)
        }
        self.loops = loops
    }

    /// Serves until graceful shutdown; cancellation ends what is still under way.
    func run() async throws {
        let listener = try await listen()
        let port = listener.localAddress?.port ?? address.port
        logger.info("listening", metadata: ["host": "\(address.host)", "port": "\(port)"])
        onListening(port)
        // It throws when the task is cancelled, which ends the wait just as well.
        try? await gracefulShutdown()
        // A listener that is closed already is what closing wanted.
        try? await listener.close()
        await withTaskCancellationHandler {
            for loop in loops.values { await drain(loop) }
        } onCancel: {
            closeAll()
        }
        closeAll()
    }

    private func listen() async throws -> any Channel {
        try await ServerBootstrap(group: eventLoopGroup)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.so_rcvbuf), value: Self.receiveBufferBytes)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
            }
            .bind(host: address.host, port: address.port)
            .get()
    }

    private func accept(_ channel: any Channel) throws {
        let isWithinLimit = connectionCount.add(1, ordering: .relaxed).newValue <= limits.clientConnectionsMax
        channel.closeFuture.whenComplete { _ in self.connectionCount.subtract(1, ordering: .relaxed) }
        if isWithinLimit, let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value {
            let connection = ClientConnection(loop: loop, peer: channel.remoteAddress)
            try channel.pipeline.syncOperations.addHandler(connection)
        } else {
            metrics.refusedConnections.increment()
            try channel.pipeline.syncOperations.addHandler(RefusedConnection())
        }
    }

    private func drain(_ loop: NIOLoopBoundBox<GatewayLoop>) async {
        // The loop ends after this server, so the future always comes; a failure would mean it is gone already.
        try? await loop.eventLoop.flatSubmit { loop.value.drain() }.get()
    }

    private func closeAll() {
        for loop in loops.values {
            loop.eventLoop.execute { loop.value.closeAll() }
        }
    }
}
