public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Subscriptions to channels of one Redis server, all on one connection that carries nothing else.
///
/// The connection is made on first use or by ``run()``. Whenever it breaks, or the server says nothing when asked, it
/// is made again, after pauses that grow, and everything that is wanted then is subscribed anew; readers are told that
/// they may have missed something. A message is handed to every reader of its channel, each with a buffer of its own.
public final class RedisSubscriber: Service, Sendable {
    /// What only the event loop touches.
    private struct LoopState {
        var table = SubscriptionTable()
        var readers: [SubscriptionTable.Reader: RedisSubscription] = [:]
        var handler: SubscriptionHandler?
        /// Whether the handler has a connection that is signed in.
        var isReady = false
        var isConnecting = false
        var isWaiting = false
        var isClosed = false
        var backoff: Backoff
    }

    private struct Admissions {
        var count = 0
        var last: SubscriptionTable.Reader = 0
        var isClosed = false
    }

    public let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let admissions = Mutex(Admissions())
    private let state: NIOLoopBoundBox<LoopState>

    /// A subscriber on a loop of `eventLoopGroup`, which has to outlive it.
    public init(_ configuration: RedisConfiguration, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        eventLoop = eventLoopGroup.next()
        state = .makeBoxSendingValue(
            LoopState(backoff: Backoff(configuration.reconnectDelay)), eventLoop: eventLoop)
    }

    /// Runs `body` with a subscription to `channels`, which ends with it, however it ends.
    ///
    /// The subscription tells ``RedisSubscriptionEvent/subscribed`` when the server has confirmed all channels, which
    /// may take until the server is there.
    ///
    /// - Parameter bufferMax: how many events may wait for the reader; beyond, all of them become one `missed`
    /// - Throws: ``RedisError`` `overloaded` or `closed` at once, and what `body` throws
    public func withSubscription<Result>(
        to channels: [String], bufferMax: Int = 256, isolation: isolated (any Actor)? = #isolation,
        _ body: (RedisSubscription) async throws -> Result
    ) async throws -> Result {
        let reader = try admit()
        let subscription = RedisSubscription(eventLoop: eventLoop, eventsMax: bufferMax)
        eventLoop.execute { self.add(reader, channels, subscription) }
        defer {
            admissions.withLock { $0.count -= 1 }
            eventLoop.execute { self.remove(reader) }
        }
        return try await body(subscription)
    }

    /// Connects, stays until graceful shutdown or cancellation, then closes.
    public func run() async throws {
        eventLoop.execute { self.connect() }
        // A cancelled wait is an end like any other: what follows closes the connection.
        try? await gracefulShutdown()
        await close()
    }

    /// Ends all subscriptions and the connection.
    public func close() async {
        admissions.withLock { $0.isClosed = true }
        // The loop outlives the subscriber, so the future always comes.
        try? await eventLoop.submit { self.closeOnLoop() }.get()
    }

    private func admit() throws(RedisError) -> SubscriptionTable.Reader {
        try admissions.withLock { admissions throws(RedisError) in
            guard !admissions.isClosed else { throw RedisError(.closed, "the subscriber was closed") }
            guard admissions.count < configuration.subscriptionsMax else {
                throw RedisError(.overloaded, "\(admissions.count) subscriptions exist already")
            }
            admissions.count += 1
            admissions.last += 1
            return admissions.last
        }
    }
}

// MARK: - On the event loop

extension RedisSubscriber {
    private func add(_ reader: SubscriptionTable.Reader, _ channels: [String], _ subscription: RedisSubscription) {
        guard !state.value.isClosed else { return subscription.end() }
        state.value.readers[reader] = subscription
        let (command, isEstablished) = state.value.table.add(reader, channels)
        if isEstablished { subscription.deliver(.subscribed) }
        write(command)
        connect()
    }

    private func remove(_ reader: SubscriptionTable.Reader) {
        state.value.readers.removeValue(forKey: reader)?.end()
        write(state.value.table.remove(reader))
    }

    private func write(_ command: RedisCommand?) {
        guard let command, state.value.isReady else { return }
        // Each channel that a command names is answered by itself.
        state.value.handler?.write(command, replies: command.wordCount - 1)
    }

    func connectionIsReady(_ handler: SubscriptionHandler) {
        guard state.value.handler === handler else { return }
        state.value.isReady = true
        state.value.isConnecting = false
        logger.debug("connected to Redis for subscriptions")
        for command in state.value.table.connected() { write(command) }
    }

    func received(_ value: RedisValue) throws(RedisError) {
        switch state.value.table.received(value) {
        case .none: break
        case .deliver(let message, let readers): tell(readers, .message(message))
        case .establish(let readers): tell(readers, .subscribed)
        case .close(let error): throw error
        }
        // A server that does what it is asked is one to come back to at once.
        state.value.backoff.reset()
    }

    func connectionEnded(_ handler: SubscriptionHandler, _ cause: RedisError) {
        guard state.value.handler === handler else { return }
        state.value.handler = nil
        state.value.isReady = false
        state.value.isConnecting = false
        tell(state.value.table.disconnected(), .missed)
        connectLater(cause)
    }

    private func tell(_ readers: [SubscriptionTable.Reader], _ event: RedisSubscriptionEvent) {
        for reader in readers { state.value.readers[reader]?.deliver(event) }
    }

    private func connect() {
        let current = state.value
        guard !current.isClosed, !current.isConnecting, !current.isWaiting, current.handler == nil else { return }
        state.value.isConnecting = true
        let deadline = NIODeadline.now() + TimeAmount(configuration.connectTimeout)
        configuration.bootstrap(on: eventLoop).connect(to: configuration) {
            try SubscriptionHandler(owner: self, configuration: self.configuration, deadline: deadline)
        } completion: { result in
            switch result {
            case .success(let handler):
                self.state.value.handler = handler
                // Who closed meanwhile found no connection to end.
                if self.state.value.isClosed { handler.close() }
            case .failure(let error):
                self.state.value.isConnecting = false
                self.connectLater(error)
            }
        }
    }

    private func connectLater(_ cause: RedisError) {
        guard !state.value.isClosed, !state.value.isWaiting else { return }
        var generator = SystemRandomNumberGenerator()
        let pause = state.value.backoff.next(using: &generator)
        logger.warning(
            "no connection to Redis for subscriptions", metadata: ["cause": "\(cause)", "retryAfter": "\(pause)"])
        state.value.isWaiting = true
        eventLoop.scheduleTask(in: TimeAmount(pause)) {
            self.state.value.isWaiting = false
            self.connect()
        }
    }

    private func closeOnLoop() {
        guard !state.value.isClosed else { return }
        state.value.isClosed = true
        for reader in state.value.readers.values { reader.end() }
        state.value.readers = [:]
        state.value.handler?.close()
    }
}
