import DequeModule
import NIOCore

/// The decisions of a connection pool for one endpoint on one event loop: who gets which connection, who waits.
///
/// A pure state machine; its owner makes and closes the connections. Idle connections are used last in, first out, so
/// that those not needed grow old and can be closed. Waiters are served first in, first out.
struct PoolState<Connection: AnyObject, Waiter> {
    /// The limits of one pool.
    struct Limits {
        var connectionsMax: Int
        var waitersMax: Int
        var idleTimeout: TimeAmount
    }

    enum Acquisition {
        case use(Connection)
        /// The waiter is queued, and a connection is to be made.
        case connect
        case wait
        case refuse
    }

    private struct Idle {
        let connection: Connection
        let since: NIODeadline
    }

    let limits: Limits
    /// Oldest first.
    private var idle: [Idle] = []
    private(set) var waiters = Deque<Waiter>()
    private(set) var leasedCount = 0
    private(set) var connectingCount = 0

    init(limits: Limits) {
        self.limits = limits
    }

    var idleCount: Int { idle.count }
    private var mayConnect: Bool { idle.count + leasedCount + connectingCount < limits.connectionsMax }

    /// When the oldest idle connection has been idle for too long.
    var nextExpiry: NIODeadline? { idle.first.map { $0.since + limits.idleTimeout } }

    /// Finds a connection for `waiter`, or a place in the queue. Expired connections have been taken out before.
    mutating func acquire(_ waiter: Waiter) -> Acquisition {
        if let last = idle.popLast() {
            leasedCount += 1
            return .use(last.connection)
        }
        guard waiters.count < limits.waitersMax else { return .refuse }
        waiters.append(waiter)
        guard waiters.count > connectingCount, mayConnect else { return .wait }
        connectingCount += 1
        return .connect
    }

    /// A connection was made: the waiter that gets it, else it is idle now.
    mutating func connected(_ connection: Connection, now: NIODeadline) -> Waiter? {
        connectingCount -= 1
        leasedCount += 1
        return released(connection, now: now)
    }

    /// A connection could not be made: the waiter who learns it, and whether to try again for those behind.
    mutating func connectFailed() -> (failed: Waiter?, connectAgain: Bool) {
        connectingCount -= 1
        let failed = waiters.popFirst()
        return (failed, connectForWaiters())
    }

    /// An exchange ended and its connection can be used again: the waiter that gets it, else it is idle now.
    mutating func released(_ connection: Connection, now: NIODeadline) -> Waiter? {
        if let waiter = waiters.popFirst() { return waiter }
        leasedCount -= 1
        idle.append(Idle(connection: connection, since: now))
        return nil
    }

    /// A leased connection is closed: true when one is to be made for those who wait.
    mutating func leasedClosed() -> Bool {
        leasedCount -= 1
        return connectForWaiters()
    }

    /// An idle connection was closed by the server.
    mutating func idleClosed(_ connection: Connection) {
        idle.removeAll { $0.connection === connection }
    }

    /// Takes out the connections that have been idle for too long at `now`.
    mutating func takeExpired(now: NIODeadline) -> [Connection] {
        guard let first = idle.first, first.since + limits.idleTimeout <= now else { return [] }
        let count = idle.prefix { $0.since + limits.idleTimeout <= now }.count
        let expired = idle[..<count].map(\.connection)
        idle.removeFirst(count)
        return expired
    }

    /// Takes out all idle connections: after a stale one the others are likely to be stale too.
    mutating func takeIdle() -> [Connection] {
        defer { idle.removeAll(keepingCapacity: true) }
        return idle.map(\.connection)
    }

    /// Takes out the waiters for which `predicate` holds.
    mutating func takeWaiters(where predicate: (Waiter) -> Bool) -> [Waiter] {
        let taken = Array(waiters.filter(predicate))
        if !taken.isEmpty { waiters.removeAll(where: predicate) }
        return taken
    }

    private mutating func connectForWaiters() -> Bool {
        guard waiters.count > connectingCount, mayConnect else { return false }
        connectingCount += 1
        return true
    }
}
