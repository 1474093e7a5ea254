import Testing

@testable import HTTPKit

@Suite("What may be sent again")
struct RetryRuleTests {
    private func failure(
        _ code: HTTPClientError.Code, sent: Bool = true, begun: Bool = false, reused: Bool = false
    ) -> UpstreamFailure {
        UpstreamFailure(
            error: HTTPClientError(code, "", mayHaveBeenProcessed: sent), connectionWasReused: reused,
            responseHadBegun: begun)
    }

    @Test("a request is sent twice at most, and only where that cannot do something twice")
    func retries() {
        func may(_ failure: UpstreamFailure, _ method: RequestMethod, _ attempts: Int = 1, kept: Bool = true) -> Bool {
            RetryRule.mayRetry(failure, method: method, attempts: attempts, isAtHand: kept)
        }
        #expect(may(failure(.connectFailed, sent: false), .post))
        #expect(may(failure(.connectFailed, sent: false), .post, 2))
        #expect(!may(failure(.connectFailed, sent: false), .post, 3))
        #expect(may(failure(.connectionClosed), .get))
        #expect(may(failure(.connectionClosed), .delete))
        #expect(!may(failure(.connectionClosed), .post))
        #expect(!may(failure(.connectionClosed), .patch))
        #expect(!may(failure(.connectionClosed, begun: true), .get))
        #expect(!may(failure(.connectionClosed), .get, 2))
        #expect(!may(failure(.connectionClosed), .put, kept: false))
        #expect(!may(failure(.deadlineExceeded), .get))
        #expect(!may(failure(.malformedResponse, begun: true), .get))
        #expect(!may(failure(.overloaded, sent: false), .get))
    }
}
