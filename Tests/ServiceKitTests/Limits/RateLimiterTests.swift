import Contracts
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct RateLimiterTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    @Test func `a parallel burst is admitted to the exact number`() async {
        let limiter = RateLimiter(limit: 120, window: .seconds(60))
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<2000 {
                group.addTask { limiter.admit("a", at: start + .milliseconds(number % 7)).isAdmitted }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 120)
        #expect(limiter.admit("b", at: start).isAdmitted)
    }

    @Test func `no window of that length ever holds more than the limit`() {
        let limiter = RateLimiter(limit: 3, window: .seconds(10))
        var admitted: [Timestamp] = []
        for second in 0..<60 {
            let now = start + .seconds(second)
            if limiter.admit("a", at: now).isAdmitted { admitted.append(now) }
        }
        for time in admitted {
            #expect(admitted.count { $0 > time - .seconds(10) && $0 <= time } <= 3)
        }
        #expect(admitted.count == 18)
    }

    @Test func `a refusal says when it would be admitted, and then it is`() {
        let limiter = RateLimiter(limit: 1, window: .seconds(10))
        #expect(limiter.admit("a", at: start).isAdmitted)
        let later = start + .seconds(4)
        #expect(limiter.admit("a", at: later) == .refused(retryAfter: .seconds(6)))
        #expect(!limiter.admit("a", at: later + .milliseconds(5999)).isAdmitted)
        #expect(limiter.admit("a", at: later + .seconds(6)).isAdmitted)
    }

    @Test func `invented keys neither grow memory nor push others out`() {
        let limiter = RateLimiter(limit: 2, window: .seconds(60), keysMax: 10)
        #expect(limiter.admit("victim", at: start).isAdmitted)
        #expect(limiter.admit("victim", at: start).isAdmitted)
        var admitted = 0
        for number in 0..<1000 where limiter.admit("invented \(number)", at: start).isAdmitted { admitted += 1 }
        #expect(admitted == 9 + 2)
        #expect(!limiter.admit("victim", at: start).isAdmitted)
        #expect(limiter.keysCount <= 11)
        #expect(limiter.admit("new", at: start + .seconds(61)).isAdmitted)
        #expect(limiter.keysCount <= 2)
    }

    @Test func `a forgotten key starts anew`() {
        let limiter = RateLimiter(limit: 1, window: .seconds(60))
        #expect(limiter.admit("a", at: start).isAdmitted)
        #expect(limiter.count("a", at: start) == 1)
        limiter.forget("a")
        #expect(limiter.admit("a", at: start).isAdmitted)
    }
}
