import DequeModule
package import NIOCore
import NIOPosix

/// The connections of one event loop to one endpoint.
///
/// It carries out what `PoolState` decides. It belongs to its event loop.
package final class EndpointPool: NIOScheduledCallbackHandler {
    /// The limits of the pool and of its connections.
    package struct Limits: Sendable {
        package var connectionsMax: Int
        package var waitersMax: Int
        package var idleTimeout: TimeAmount
        package var connectTimeout: TimeAmount
        package var headBytesMax: Int

        package init(
            connectionsMax: Int, waitersMax: Int, idleTimeout: TimeAmount, connectTimeout: TimeAmount, headBytesMax: Int
        ) {
            self.connectionsMax = connectionsMax
            self.waitersMax = waitersMax
            self.idleTimeout = idleTimeout
            self.connectTimeout = connectTimeout
            self.headBytesMax = headBytesMax
        }
    }

    package let endpoint: Endpoint
    private let address: SocketAddress?
    private let eventLoop: any EventLoop
    private let limits: Limits
    private var state: PoolState<UpstreamConnection, any UpstreamExchange>
    /// All that are open, whether leased or idle.
    private var connections: [ObjectIdentifier: UpstreamConnection] = [:]
    private var timer = LazyTimer()
    private(set) var isShutDown = false

    package init(endpoint: Endpoint, eventLoop: any EventLoop, limits: Limits) {
        self.endpoint = endpoint
        address = endpoint.literalAddress
        self.eventLoop = eventLoop
        self.limits = limits
        state = PoolState(
            limits: .init(
                connectionsMax: limits.connectionsMax, waitersMax: limits.waitersMax, idleTimeout: limits.idleTimeout))
    }

    // MARK: - For exchanges

    /// Leases a connection to `exchange` now, or as soon as there is one, or fails it.
    package func lease(_ exchange: any UpstreamExchange) {
        guard !isShutDown else {
            return fail(exchange, .connectFailed, "the client is shut down")
        }
        closeExpired()
        switch state.acquire(exchange) {
        case .use(let connection): hand(connection, to: exchange)
        case .connect:
            connect()
            watchDeadlines()
        case .wait: watchDeadlines()
        case .refuse: fail(exchange, .overloaded, "all connections to \(endpoint) are busy and the queue is full")
        }
    }

    /// Takes `exchange` out of the queue; true when it was there.
    package func withdraw(_ exchange: any UpstreamExchange) -> Bool {
        !state.takeWaiters { $0 === exchange }.isEmpty
    }

    /// Whether nothing is open and nobody waits.
    var isUnused: Bool { connections.isEmpty && state.waiters.isEmpty && state.connectingCount == 0 }

    /// Closes the idle connections, so that the next lease makes a fresh one.
    package func dropIdle() {
        for connection in state.takeIdle() { connection.close() }
    }

    /// Ends everything: idle connections, exchanges that wait, exchanges under way.
    package func shutdown() {
        isShutDown = true
        timer.cancel()
        dropIdle()
        for exchange in state.takeWaiters(where: { _ in true }) {
            fail(exchange, .connectFailed, "the client is shut down")
        }
        for connection in Array(connections.values) { connection.shutDown() }
    }

    // MARK: - For connections

    func release(_ connection: UpstreamConnection) {
        if isShutDown { return connection.close() }
        if let waiter = state.released(connection, now: .now()) {
            waiter.leased(connection)
        } else {
            connection.isLeased = false
            armTimer()
        }
    }

    func closed(_ connection: UpstreamConnection) {
        // A connection that ends before it was given to the pool is counted where connecting ends.
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.isLeased {
            if state.leasedClosed(), !isShutDown { connect() }
        } else {
            state.idleClosed(connection)
        }
    }

    package func handleScheduledCallback(eventLoop: some EventLoop) {
        guard timer.fired(on: eventLoop, handler: self) else { return }
        closeExpired()
        let now = NIODeadline.now()
        for exchange in state.takeWaiters(where: { $0.deadline <= now }) {
            fail(exchange, .deadlineExceeded, "no connection to \(endpoint) became free in time")
        }
        armTimer()
    }

    // MARK: - Inside

    private func hand(_ connection: UpstreamConnection, to exchange: any UpstreamExchange) {
        connection.isLeased = true
        exchange.leased(connection)
    }

    private func fail(_ exchange: any UpstreamExchange, _ code: HTTPClientError.Code, _ message: String) {
        exchange.failed(UpstreamFailure(error: HTTPClientError(code, message)))
    }

    private func closeExpired() {
        for connection in state.takeExpired(now: .now()) { connection.close() }
    }

    /// Looks again when the first waiter's time is over or the oldest idle connection is too old.
    private func armTimer() {
        guard !isShutDown else { return }
        var due = state.nextExpiry
        for waiter in state.waiters { due = due.map { min($0, waiter.deadline) } ?? waiter.deadline }
        timer.set(due, on: eventLoop, handler: self)
    }

    private func watchDeadlines() {
        guard let last = state.waiters.last else { return }
        timer.setSooner(last.deadline, on: eventLoop, handler: self)
    }

    private func connect() {
        let pool = NIOLoopBound(self, eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                // One for each address of the host: where the first is slow to answer, the next is tried beside it.
                channel.eventLoop.makeCompletedFuture {
                    let connection = UpstreamConnection(pool: pool.value, headBytesMax: pool.value.limits.headBytesMax)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        let channel =
            address.map { bootstrap.connect(to: $0) }
            ?? bootstrap.connect(host: endpoint.host, port: endpoint.port)
        channel.assumeIsolated().whenComplete { result in
            do {
                self.connected(try result.get().pipeline.syncOperations.handler(type: UpstreamConnection.self))
            } catch {
                self.connectFailed(error)
            }
        }
    }

    private func connected(_ connection: UpstreamConnection) {
        guard !connection.isClosed else { return connectFailed(nil) }
        if isShutDown {
            _ = state.connectFailed()
            return connection.close()
        }
        connections[ObjectIdentifier(connection)] = connection
        if let waiter = state.connected(connection, now: .now()) {
            hand(connection, to: waiter)
        } else {
            armTimer()
        }
    }

    private func connectFailed(_ error: (any Error)?) {
        let (failed, connectAgain) = state.connectFailed()
        if connectAgain, !isShutDown { connect() }
        let failure = HTTPClientError(.connectFailed, "no connection to \(endpoint)", underlying: error)
        failed?.failed(UpstreamFailure(error: failure))
    }
}
