import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite struct SignInThrottleTests {
    private let clock = ManualClock()

    private func address(_ text: String) -> ClientAddress { ClientAddress(peer: nil, forwardedFor: text) }

    private func throttle(_ keysMax: Int = 50_000) -> SignInThrottle {
        var policy = ThrottlePolicy()
        policy.addressAttemptsPerMinute = 1_000_000
        policy.keysMax = keysMax
        return SignInThrottle(policy: policy, clock: clock)
    }

    @Test func `invented accounts do not push out a locked one`() throws {
        let throttle = throttle(100)
        let attacker = address("198.51.100.1")
        for _ in 0..<5 { throttle.fail(try throttle.begin("victim", from: attacker)) }
        for number in 0..<1000 {
            if let attempt = try? throttle.begin("invented \(number)", from: attacker) { throttle.fail(attempt) }
        }
        #expect(throws: Problem.self) { try throttle.begin("victim", from: attacker) }
    }

    @Test func `an attempt that came to no result counts as none`() throws {
        let throttle = throttle()
        for _ in 0..<50 { throttle.abandon(try throttle.begin("a", from: address("192.0.2.1"))) }
        throttle.succeed(try throttle.begin("a", from: address("192.0.2.1")))
    }
}

@Suite struct AttemptRecordTests {
    private let rules = AttemptRecord.Rules(
        failuresMax: 3, firstLockout: .seconds(60), lockoutMax: .seconds(300), window: .seconds(900))
    private let start = Timestamp(milliseconds: 0)

    @Test func `lockouts double up to their bound`() {
        var record = AttemptRecord()
        var now = start
        var waits: [Duration] = []
        for _ in 0..<8 {
            if let wait = record.begin(rules, at: now) {
                waits.append(wait)
                now = now + wait
                _ = record.begin(rules, at: now)
            }
            record.fail(rules, at: now)
        }
        #expect(waits == [60, 120, 240, 300, 300].map { .seconds($0) })
    }

    @Test func `only as many attempts begin as may fail`() {
        var record = AttemptRecord()
        var begun = 0
        for _ in 0..<10 where record.begin(rules, at: start) == nil { begun += 1 }
        #expect(begun == 3)
        record.abandon()
        #expect(record.begin(rules, at: start) == nil)
        #expect(record.begin(rules, at: start) != nil)
    }

    @Test func `after a quiet time all is forgotten, a success forgets at once`() {
        var record = AttemptRecord()
        for _ in 0..<3 {
            _ = record.begin(rules, at: start)
            record.fail(rules, at: start)
        }
        #expect(record.begin(rules, at: start + .seconds(59)) == .seconds(1))
        var later = record
        let before = later.isForgettable(rules, at: start + .seconds(959))
        let after = later.isForgettable(rules, at: start + .seconds(960))
        #expect(!before && after)
        #expect(record.begin(rules, at: start + .seconds(60)) == nil)
        #expect(record.begin(rules, at: start + .seconds(60)) != nil)
        record.succeed()
        #expect(record == AttemptRecord())
    }
}
