import Contracts
import NIOCore
import Testing

@testable import gateway

@Suite("Small decisions")
struct DecisionTests {
    @Test("the end of a response leads on, closes, or lingers")
    func progress() {
        var whole = ExchangeProgress(keepsAlive: true)
        whole.requestCompleted()
        whole.responseBegins()
        #expect(!whole.closes)
        #expect(whole.responseCompleted() == .next)

        var last = ExchangeProgress(keepsAlive: false)
        last.requestCompleted()
        last.responseBegins()
        #expect(last.closes)
        #expect(last.responseCompleted() == .close)

        var early = ExchangeProgress(keepsAlive: true)
        early.responseBegins()
        #expect(early.closes)
        #expect(early.responseCompleted() == .linger)
    }

    @Test("an early response closes even when the request ends before it does")
    func earlyThenComplete() {
        var progress = ExchangeProgress(keepsAlive: true)
        progress.responseBegins()
        progress.requestCompleted()
        #expect(progress.responseCompleted() == .close)
    }

    @Test("of a storm of log lines one a second gets through, with the number of the others")
    func logThrottle() {
        var throttle = LogThrottle()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        #expect(throttle.admit(start) == 0)
        for _ in 0..<100 { #expect(throttle.admit(start + .milliseconds(999)) == nil) }
        #expect(throttle.admit(start + .seconds(1)) == 100)
        #expect(throttle.admit(start + .seconds(2)) == 0)
    }

    @Test("every refusal has a problem document with its own status and code")
    func refusals() {
        let refusals: [Refusal] = [
            .badRequest("x"), .bodyTooLarge(1), .deadlineExceeded,
            .dependencyUnavailable(.auth, outcomeUnknown: true), .expectationUnknown, .headTooLarge,
            .methodNotAllowed(allow: "GET"), .methodNotImplemented, .notFound, .overloaded, .requestTimeout,
            .targetTooLong, .versionNotSupported,
        ]
        for refusal in refusals {
            let document = refusal.document(instance: "/p")
            #expect(document.status == refusal.status)
            #expect(document.code == refusal.code)
            #expect(document.instance == "/p")
            #expect((refusal.retryAfterSeconds != nil) == [503, 504].contains(refusal.status))
        }
        #expect(Set(refusals.map(\.code)).count == refusals.count)
    }
}
