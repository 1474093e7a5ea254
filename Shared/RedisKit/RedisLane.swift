import Logging
import NIOCore
import NIOPosix
import Synchronization

/// One connection's worth of commands: a queue that any task adds to, and an event loop that keeps a connection.
///
/// Tasks append their bytes under a short lock; the first wakes the event loop, which takes all that has gathered by
/// then and writes it in one go. Under load the batches grow and the cost of a system call is shared.
final class RedisLane: Sendable {
    /// What only the event loop touches.
    struct LoopState {
        var handler: RedisChannelHandler?
        var readySince: NIODeadline?
        var isConnecting = false
        var backoff: Backoff
        var expiryTimer: Scheduled<Void>?
        var closing: EventLoopPromise<Void>?
    }

    /// A connection that ended younger than this counts as a failed attempt, or a server that throws everyone out
    /// would be asked without a pause.
    private static let stableAfter = TimeAmount.seconds(1)

    let eventLoop: any EventLoop
    private let configuration: RedisConfiguration
    private let logger: Logger
    private let queue: Mutex<CommandQueue>
    private let state: NIOLoopBoundBox<LoopState>

    init(_ configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
        queue = Mutex(
            CommandQueue(commandsMax: configuration.queuedCommandsMax, bytesMax: configuration.queuedBytesMax))
        state = .makeBoxSendingValue(
            LoopState(backoff: Backoff(configuration.reconnectDelay)), eventLoop: eventLoop)
    }

    // MARK: Called from any task

    /// Adds commands whose replies all go to `request`; resumes it at once when they cannot be taken.
    func send(_ commands: [RedisCommand], _ request: PendingRequest) {
        switch queue.withLock({ $0.add(commands, request) }) {
        case .queued: break
        case .wake: eventLoop.execute { self.drain() }
        case .write: if eventLoop.inEventLoop { drain(isAwake: true) }
        case .refuse(let error): request.fail(error)
        }
    }

    /// Whether the last attempt to connect failed, so that another lane is the better choice.
    var isDown: Bool {
        queue.withLock { if case .down = $0.phase { true } else { false } }
    }

    /// Connects without waiting for the first command.
    func start() {
        eventLoop.execute { self.connectIfNeeded() }
    }

    /// Takes no more commands, waits for the replies that are owed, closes.
    func close() async {
        queue.withLock { $0.phase = .closed }
        let closed = eventLoop.makePromise(of: Void.self)
        eventLoop.execute {
            self.state.value.closing?.futureResult.cascade(to: closed)
            guard self.state.value.closing == nil else { return }
            self.state.value.closing = closed
            self.drain()
            if let handler = self.state.value.handler {
                handler.closeWhenIdle()
            } else if !self.state.value.isConnecting {
                self.finishClosing()
            }
        }
        // The promise of a close cannot fail.
        try? await closed.futureResult.get()
    }

    // MARK: Called on the event loop

    /// Writes what waits, or connects first. With `isAwake` it comes ahead of a call that is due in any case.
    private func drain(isAwake: Bool = false) {
        guard state.value.readySince != nil, let handler = state.value.handler else {
            connectIfNeeded()
            scheduleExpiry()
            return
        }
        let batch = queue.withLock { $0.takeForWriting(isAwake: isAwake) }
        guard !batch.entries.isEmpty else { return }
        handler.write(batch.entries, batch.bytes)
    }

    /// Commands got their replies or lost their connection.
    func settled(_ count: Int) {
        queue.withLock { $0.settled(count) }
    }

    func connectionIsReady(_ handler: RedisChannelHandler) {
        guard state.value.handler === handler else { return }
        state.value.readySince = .now()
        state.value.isConnecting = false
        state.value.expiryTimer?.cancel()
        state.value.expiryTimer = nil
        queue.withLock { if case .down = $0.phase { $0.phase = .open } }
        logger.debug("connected to Redis")
        drain()
    }

    func connectionEnded(_ handler: RedisChannelHandler, _ cause: RedisError) {
        guard state.value.handler === handler else { return }
        let wasStable = state.value.readySince.map { NIODeadline.now() - $0 >= Self.stableAfter } ?? false
        state.value.handler = nil
        state.value.readySince = nil
        state.value.isConnecting = false
        if state.value.closing != nil {
            finishClosing()
        } else if wasStable {
            // A connection that had worked is made again at once; meanwhile commands wait within their deadlines.
            state.value.backoff.reset()
            logger.warning("lost the connection to Redis", metadata: ["cause": "\(cause)"])
            connectIfNeeded()
        } else {
            attemptFailed(cause)
        }
    }

    private func connectIfNeeded() {
        guard !state.value.isConnecting, state.value.handler == nil else { return }
        guard state.value.closing == nil else { return finishClosing() }
        state.value.isConnecting = true
        let deadline = NIODeadline.now() + TimeAmount(configuration.connectTimeout)
        configuration.bootstrap(on: eventLoop).connect(to: configuration) {
            try RedisChannelHandler(lane: self, configuration: self.configuration, deadline: deadline)
        } completion: { result in
            switch result {
            case .success(let handler):
                self.state.value.handler = handler
                // Who closed meanwhile found no connection to end.
                if self.state.value.closing != nil { handler.closeWhenIdle() }
            case .failure(let error):
                self.state.value.isConnecting = false
                self.attemptFailed(error)
            }
        }
    }

    /// Fails what waits, lets later commands fail at once, and tries again after a pause.
    private func attemptFailed(_ cause: RedisError) {
        let error = cause.code == .connectionClosed ? RedisError(.notConnected, cause.message) : cause
        let waiting = queue.withLock { queue in
            if case .open = queue.phase { queue.phase = .down(error) }
            return queue.takeForFailing()
        }
        for entry in waiting {
            entry.request.fail(error)
        }
        guard state.value.closing == nil else { return finishClosing() }
        var generator = SystemRandomNumberGenerator()
        let pause = state.value.backoff.next(using: &generator)
        logger.warning("cannot connect to Redis", metadata: ["cause": "\(cause)", "retryAfter": "\(pause)"])
        eventLoop.scheduleTask(in: TimeAmount(pause)) { self.connectIfNeeded() }
    }

    /// Commands that wait for a connection keep their deadlines: nothing of them was sent.
    private func scheduleExpiry() {
        guard state.value.expiryTimer == nil, let first = queue.withLock({ $0.entries.first?.request.deadline }) else {
            return
        }
        state.value.expiryTimer = eventLoop.scheduleTask(deadline: first) {
            self.state.value.expiryTimer = nil
            for entry in self.queue.withLock({ $0.takeExpired(now: .now()) }) {
                entry.request.fail(RedisError(.timedOut, "no connection before the deadline"))
            }
            self.scheduleExpiry()
        }
    }

    private func finishClosing() {
        for entry in queue.withLock({ $0.takeForFailing() }) {
            entry.request.fail(RedisError(.closed, "the client was closed"))
        }
        state.value.expiryTimer?.cancel()
        state.value.closing?.succeed()
    }
}
