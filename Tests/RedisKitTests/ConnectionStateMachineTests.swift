import NIOCore
import Testing

@testable import RedisKit

@Suite struct ConnectionStateMachineTests {
    private static let run = String(repeating: "ab", count: 20)
    private static let soon = NIODeadline.uptimeNanoseconds(1_000)
    private static let later = NIODeadline.uptimeNanoseconds(2_000)

    private func makeReady() -> ConnectionStateMachine<Int> {
        var machine = ConnectionStateMachine<Int>(handshake: Handshake(RedisConfiguration()), deadline: Self.soon)
        _ = machine.received(.status("PONG"))
        _ = machine.received(.bulk(Array("# Server\r\nrun_id:\(Self.run)\r\n".utf8)))
        return machine
    }

    @Test func `the handshake ends with the server's run id`() {
        var machine = ConnectionStateMachine<Int>(handshake: Handshake(RedisConfiguration()), deadline: Self.soon)
        guard case .wait = machine.received(.status("PONG")) else { return #expect(Bool(false), "PING is not the end") }
        guard case .becomeReady(let run) = machine.received(.bulk(Array("x:1\r\nrun_id:\(Self.run)\r\n".utf8))) else {
            return #expect(Bool(false), "INFO is the end")
        }
        #expect(run == Array(Self.run.utf8))
        let isReady = machine.isReady
        #expect(isReady)
    }

    @Test(arguments: [
        ("WRONGPASS invalid username-password pair", RedisError.Code.authenticationFailed),
        ("NOAUTH Authentication required.", .authenticationFailed),
        ("LOADING Redis is loading the dataset in memory", .busy),
        ("ERR max number of clients reached", .server),
    ])
    func `an error in the handshake closes with its type`(reply: String, code: RedisError.Code) {
        var machine = ConnectionStateMachine<Int>(handshake: Handshake(RedisConfiguration()), deadline: Self.soon)
        guard case .close(let error) = machine.received(.error(reply)) else {
            return #expect(Bool(false), "it must close")
        }
        #expect(error.code == code)
    }

    @Test func `replies go to their commands in order, a batch gets all of its own`() {
        var machine = makeReady()
        machine.written(1, replyCount: 1, deadline: Self.soon)
        machine.written(2, replyCount: 2, deadline: Self.soon)
        machine.written(3, replyCount: 1, deadline: Self.soon)
        guard case .succeed(1, .integer(10)) = machine.received(.integer(10)) else { return #expect(Bool(false)) }
        guard case .wait = machine.received(.integer(20)) else { return #expect(Bool(false)) }
        guard case .succeedAll(2, [.integer(20), .error("ERR x")]) = machine.received(.error("ERR x")) else {
            return #expect(Bool(false))
        }
        guard case .succeed(3, .null) = machine.received(.null) else { return #expect(Bool(false)) }
    }

    @Test func `a reply nobody asked for closes`() {
        var machine = makeReady()
        guard case .close(let error) = machine.received(.integer(1)) else { return #expect(Bool(false)) }
        #expect(error.code == .protocolViolation)
    }

    @Test func `the timer follows the oldest command and rests when nothing is owed`() {
        var machine = makeReady()
        #expect(machine.deadlineReached(now: Self.later) == .rest)
        machine.written(1, replyCount: 1, deadline: Self.soon)
        machine.written(2, replyCount: 1, deadline: Self.later)
        #expect(machine.deadlineReached(now: .uptimeNanoseconds(1)) == .checkAgain(at: Self.soon))
        _ = machine.received(.null)
        #expect(machine.deadlineReached(now: Self.soon) == .checkAgain(at: Self.later))
    }

    @Test func `a late reply closes; the late one timed out and those behind are unknown`() {
        var machine = makeReady()
        machine.written(1, replyCount: 1, deadline: Self.soon)
        machine.written(2, replyCount: 1, deadline: Self.later)
        guard case .close(let cause) = machine.deadlineReached(now: Self.soon) else { return #expect(Bool(false)) }
        let failed = machine.close(cause)
        #expect(failed.map(\.0) == [1, 2])
        #expect(failed.map(\.1.code) == [.timedOut, .connectionClosed])
        #expect(failed.allSatisfy { $0.1.outcomeUnknown })
        guard case .wait = machine.received(.status("late")) else {
            return #expect(Bool(false), "a late reply answers nobody")
        }
    }

    @Test func `a server that says nothing is given up at the handshake's deadline`() {
        let machine = ConnectionStateMachine<Int>(handshake: Handshake(RedisConfiguration()), deadline: Self.soon)
        guard case .close(let error) = machine.deadlineReached(now: Self.soon) else { return #expect(Bool(false)) }
        #expect(error.code == .notConnected)
        #expect(!error.outcomeUnknown)
    }
}
