import Logging
import RedisKit
import Synchronization

/// Passes the announcements of releases on to those in this process who wait.
///
/// While anybody waits in a scope, one task for each server listens to the scope's channel; the last to leave ends
/// them. An announcement wakes one waiter of each lock: the one it names as first in the queue, else the one who has
/// waited longest; who is woken and does not win wakes the next. Announcements are for speed only: whoever waits also
/// tries again by itself.
final class ReleaseSignals: Sendable {
    private struct Scope {
        /// Tells it from earlier and later ones of the same channel, whose listeners may still be ending.
        let number: Int
        /// In the order in which they came.
        var waiters: [LockWaiter] = []
        var listeners: [Task<Void, Never>] = []
        /// Servers whose announcements are heard.
        var heard = 0
    }

    private struct State {
        var scopes: [String: Scope] = [:]
        var lastScope = 0
        var subscribers: [Int: RedisSubscriber] = [:]
        var isClosed = false
    }

    /// How long a listener without a subscription stays with its server before it looks for another.
    private static let patience = Duration.seconds(2)

    private let announcers: [any RedisScripting]
    private let logger: Logger
    private let state = Mutex(State())

    init(_ announcers: [any RedisScripting], logger: Logger) {
        self.announcers = announcers
        self.logger = logger
    }

    /// Scopes that are listened to at this moment.
    var scopeCount: Int { state.withLock { $0.scopes.count } }

    /// Closes the connections; whoever waits goes on by itself.
    func close() async {
        let (subscribers, listeners) = state.withLock { state in
            state.isClosed = true
            return (Array(state.subscribers.values), state.scopes.values.flatMap(\.listeners))
        }
        for listener in listeners { listener.cancel() }
        for subscriber in subscribers { await subscriber.close() }
    }

    // MARK: - For those who wait

    /// Begins to wake `waiter` at releases in the channel's scope.
    func enter(_ waiter: LockWaiter, channel: String) {
        state.withLock { state in
            if state.scopes[channel] == nil { state.lastScope += 1 }
            var scope = state.scopes[channel] ?? Scope(number: state.lastScope)
            scope.waiters.append(waiter)
            if scope.listeners.isEmpty, !state.isClosed {
                scope.listeners = announcers.indices.map { [number = scope.number] server in
                    Task { await self.listen(to: channel, scope: number, on: server) }
                }
            }
            state.scopes[channel] = scope
        }
    }

    /// Ends what `enter` began, and the listening when nobody else waits; returns the tasks that are about to end.
    @discardableResult
    func leave(_ waiter: LockWaiter, channel: String) -> [Task<Void, Never>] {
        let ended = state.withLock { state -> [Task<Void, Never>] in
            guard var scope = state.scopes[channel] else { return [] }
            scope.waiters.removeAll { $0 === waiter }
            state.scopes[channel] = scope.waiters.isEmpty ? nil : scope
            return scope.waiters.isEmpty ? scope.listeners : []
        }
        for listener in ended { listener.cancel() }
        return ended
    }

    /// Whether releases are heard: else who waits must look more often.
    func isHeard(_ channel: String) -> Bool {
        state.withLock { $0.scopes[channel].map { $0.heard > 0 } ?? false }
    }

    /// Whether others of this process wait for one of the waiter's locks.
    func hasFollowers(of waiter: LockWaiter, channel: String) -> Bool {
        state.withLock { state in
            state.scopes[channel]?.waiters.contains { $0 !== waiter && !$0.keys.isDisjoint(with: waiter.keys) } ?? false
        }
    }

    /// Wakes the one who came after `waiter` for one of the same locks.
    func passOn(from waiter: LockWaiter, channel: String) {
        let next = state.withLock { state -> LockWaiter? in
            guard let waiters = state.scopes[channel]?.waiters,
                let position = waiters.firstIndex(where: { $0 === waiter })
            else { return nil }
            return waiters[(position + 1)...].first { !$0.keys.isDisjoint(with: waiter.keys) }
        }
        next?.wake()
    }

    // MARK: - From Redis

    private func listen(to channel: String, scope: Int, on server: Int) async {
        var isHeard = false
        while !Task.isCancelled {
            guard let subscriber = await subscriber(of: server) else { break }
            // It ends with its subscriber, or because there are too many; waiting goes on without.
            try? await subscriber.withSubscription(to: [channel]) { subscription in
                while !Task.isCancelled {
                    let event = await (isHeard ? subscription.next() : subscription.next(waitingAtMost: Self.patience))
                    switch event {
                    case .subscribed:
                        if !isHeard { note(channel, scope, heard: 1) }
                        isHeard = true
                        // What was released before was not announced to us.
                        wakeAll(channel)
                    case .message(let message): announced(message.text, channel)
                    case .missed:
                        if isHeard { note(channel, scope, heard: -1) }
                        isHeard = false
                    case nil: return
                    }
                }
            }
            if isHeard { note(channel, scope, heard: -1) }
            isHeard = false
            guard !Task.isCancelled else { break }
            await replace(subscriber, of: server)
        }
    }

    private func announced(_ text: String, _ channel: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            let (key, first) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            let waiter = state.withLock { state in
                state.scopes[channel]?.waiters.first { first.isEmpty ? $0.keys.contains(key) : $0.name == first }
            }
            waiter?.wake()
        }
    }

    private func wakeAll(_ channel: String) {
        for waiter in state.withLock({ $0.scopes[channel]?.waiters ?? [] }) { waiter.wake() }
    }

    /// Counts a server that is heard or not heard any more, unless the scope has ended meanwhile.
    private func note(_ channel: String, _ scope: Int, heard change: Int) {
        state.withLock { state in
            if state.scopes[channel]?.number == scope { state.scopes[channel]?.heard += change }
        }
    }

    private func subscriber(of server: Int) async -> RedisSubscriber? {
        while !Task.isCancelled {
            if let known = state.withLock({ $0.subscribers[server] }) { return known }
            if let made = try? await announcers[server].makeSubscriber(logger: logger) {
                let (kept, isClosed) = state.withLock { state in
                    let kept = state.subscribers[server] ?? made
                    if !state.isClosed { state.subscribers[server] = kept }
                    return (kept, state.isClosed)
                }
                if kept !== made || isClosed { await made.close() }
                return isClosed ? nil : kept
            }
            // Nobody can say where to listen; a cancelled pause ends the loop.
            try? await Task.sleep(for: Self.patience)
        }
        return nil
    }

    /// Forgets a subscriber that says nothing: its server may not be the one in charge any more.
    private func replace(_ subscriber: RedisSubscriber, of server: Int) async {
        let isMine = state.withLock { state in
            guard state.subscribers[server] === subscriber, !state.isClosed else { return false }
            state.subscribers[server] = nil
            return true
        }
        if isMine { await subscriber.close() }
    }
}
