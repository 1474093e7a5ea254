import NIOCore
import Testing

@testable import HTTPKit

@Suite("The decisions of a pool")
struct PoolStateTests {
    final class Connection {}
    typealias State = PoolState<Connection, Int>

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func state(connections: Int = 2, waiters: Int = 4) -> State {
        State(limits: .init(connectionsMax: connections, waitersMax: waiters, idleTimeout: .seconds(30)))
    }

    @Test("an idle connection is used before another is made, the last one first")
    func lastInFirstOut() {
        var state = state()
        let (first, second) = (Connection(), Connection())
        for waiter in 0..<2 {
            guard case .connect = state.acquire(waiter) else { return #expect(Bool(false), "expected to connect") }
        }
        #expect(state.connected(first, now: start) == 0)
        #expect(state.connected(second, now: start) == 1)
        #expect(state.released(first, now: start) == nil)
        #expect(state.released(second, now: start) == nil)
        guard case .use(let used) = state.acquire(2) else { return #expect(Bool(false), "expected an idle one") }
        #expect(used === second)
        #expect(state.idleCount == 1)
    }

    @Test("no more connections than the limit, no more waiters than theirs")
    func limits() {
        var state = state(connections: 2, waiters: 3)
        var outcomes: [String] = []
        for waiter in 0..<5 {
            switch state.acquire(waiter) {
            case .connect: outcomes.append("connect")
            case .wait: outcomes.append("wait")
            case .refuse: outcomes.append("refuse")
            case .use: outcomes.append("use")
            }
        }
        #expect(outcomes == ["connect", "connect", "wait", "refuse", "refuse"])
    }

    @Test("who waits longest is served first")
    func firstInFirstOut() {
        var state = state(connections: 1)
        for waiter in 0..<3 { _ = state.acquire(waiter) }
        let connection = Connection()
        #expect(state.connected(connection, now: start) == 0)
        #expect(state.released(connection, now: start) == 1)
        #expect(state.released(connection, now: start) == 2)
        #expect(state.released(connection, now: start) == nil)
        #expect(state.leasedCount == 0)
    }

    @Test("a failed connection fails one waiter and is tried again for the others")
    func connectFails() {
        var state = state(connections: 1)
        for waiter in 0..<3 { _ = state.acquire(waiter) }
        for waiter in 0..<3 {
            let (failed, again) = state.connectFailed()
            #expect(failed == waiter)
            #expect(again == (waiter < 2))
        }
    }

    @Test("a lost connection is replaced while somebody waits")
    func lostConnection() {
        var state = state(connections: 1)
        _ = state.acquire(0)
        _ = state.acquire(1)
        #expect(state.connected(Connection(), now: start) == 0)
        #expect(state.leasedClosed() == true)
        #expect(state.connected(Connection(), now: start) == 1)
        #expect(state.leasedClosed() == false)
    }

    @Test("connections idle for too long are taken out, the others stay")
    func expiry() {
        var state = state()
        let (old, young) = (Connection(), Connection())
        for waiter in 0..<2 { _ = state.acquire(waiter) }
        _ = state.connected(old, now: start)
        _ = state.connected(young, now: start)
        _ = state.released(old, now: start)
        _ = state.released(young, now: start + .seconds(10))
        #expect(state.nextExpiry == start + .seconds(30))
        let early = state.takeExpired(now: start + .seconds(29))
        #expect(early.isEmpty)
        let expired = state.takeExpired(now: start + .seconds(30))
        #expect(expired.count == 1)
        #expect(expired.first === old)
        state.idleClosed(young)
        #expect(state.idleCount == 0)
        #expect(state.nextExpiry == nil)
    }

    @Test("a withdrawn waiter gets nothing")
    func withdrawal() {
        var state = state(connections: 1)
        for waiter in 0..<3 { _ = state.acquire(waiter) }
        let withdrawn = state.takeWaiters { $0 == 1 }
        #expect(withdrawn == [1])
        let connection = Connection()
        #expect(state.connected(connection, now: start) == 0)
        #expect(state.released(connection, now: start) == 2)
    }
}
