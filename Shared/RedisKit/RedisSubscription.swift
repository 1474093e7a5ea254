import DequeModule
import NIOCore
import Synchronization

/// A reader's end of one subscription: what came and was not read yet, up to a limit.
///
/// It is read by one task at a time. A reader that falls behind loses what it did not read and is told so, instead of
/// holding up others or filling the memory.
public final class RedisSubscription: AsyncSequence, Sendable {
    public typealias Element = RedisSubscriptionEvent

    private struct State {
        var events: Deque<RedisSubscriptionEvent> = []
        var waiter: CheckedContinuation<RedisSubscriptionEvent?, Never>?
        /// Names the wait, so that a timer of an earlier one ends nothing.
        var waits = 0
        var hasEnded = false
    }

    private let eventLoop: any EventLoop
    private let eventsMax: Int
    private let state = Mutex(State())

    init(eventLoop: any EventLoop, eventsMax: Int) {
        self.eventLoop = eventLoop
        self.eventsMax = Swift.max(2, eventsMax)
    }

    /// The next event; nil when the task is cancelled or the client was closed.
    public func next() async -> RedisSubscriptionEvent? {
        await wait(until: nil)
    }

    /// The next event; nil when none came in time, too.
    public func next(waitingAtMost limit: Duration) async -> RedisSubscriptionEvent? {
        await wait(until: .now() + TimeAmount(limit))
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self)
    }

    /// Reads the subscription it comes from.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: RedisSubscription

        public mutating func next() async -> RedisSubscriptionEvent? {
            await subscription.next()
        }
    }

    // MARK: - From the connection

    func deliver(_ event: RedisSubscriptionEvent) {
        let waiter = state.withLock { state -> CheckedContinuation<RedisSubscriptionEvent?, Never>? in
            guard !state.hasEnded else { return nil }
            if let waiter = state.waiter.take() { return waiter }
            if state.events.count >= eventsMax {
                // One look at the state makes up for all of them, wherever among them the reader was.
                state.events = [.missed, .subscribed]
            }
            state.events.append(event)
            return nil
        }
        waiter?.resume(returning: event)
    }

    /// Nothing more comes; what came can still be read.
    func end() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            return state.waiter.take()
        }
        waiter?.resume(returning: nil)
    }

    // MARK: - Inside

    private func wait(until deadline: NIODeadline?) async -> RedisSubscriptionEvent? {
        let wait = state.withLock { state in
            state.waits += 1
            return state.waits
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Inside the lock, so that a cancellation finds the waiter or is found here.
                let (event, isWaiting) = state.withLock { state -> (RedisSubscriptionEvent?, Bool) in
                    if let event = state.events.popFirst() { return (event, false) }
                    if state.hasEnded || Task.isCancelled { return (nil, false) }
                    state.waiter = continuation
                    return (nil, true)
                }
                guard isWaiting else { return continuation.resume(returning: event) }
                guard let deadline else { return }
                eventLoop.scheduleTask(deadline: deadline) { self.giveUp(wait) }
            }
        } onCancel: {
            giveUp(wait)
        }
    }

    /// Ends a wait without an event, unless it has ended.
    private func giveUp(_ wait: Int) {
        let waiter = state.withLock { state in
            state.waits == wait ? state.waiter.take() : nil
        }
        waiter?.resume(returning: nil)
    }
}
