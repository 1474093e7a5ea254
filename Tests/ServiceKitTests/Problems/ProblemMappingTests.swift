import Contracts
import DatabaseKit
import HTTPKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Testing

@Suite struct ProblemMappingTests {
    @Test func `of very many faulty fields some are named, not all`() {
        let problem = Problem.invalid((0..<100_000).map { FieldError("seats[\($0)]", "must not be empty") })
        #expect(problem.fieldErrors.count == Problem.fieldErrorsMax)
        #expect((problem.detail?.utf8.count ?? 0) < 10_000)
    }

    struct Unknown: Error { let secret = "hunter2" }

    private func problem(_ error: any Error, deadlinePassed: Bool = false) -> Problem {
        Problem(mapping: error, deadlinePassed: deadlinePassed, bodyBytesMax: 1000)
    }

    @Test func `every known error has its status and code`() {
        let cases: [(error: any Error, status: Int, code: String)] = [
            (Problem.gone(code: "reservation-expired"), 410, "reservation-expired"),
            (DatabaseError(.overloaded, "x"), 503, "overloaded"), (DatabaseError(.busy, "x"), 503, "overloaded"),
            (DatabaseError(.closed, "x"), 503, "database-unavailable"),
            (DatabaseError(.full, "x"), 503, "database-unavailable"),
            (DatabaseError(.sql, "x"), 500, "internal-error"),
            (call(.connectFailed), 503, "dependency-unavailable"),
            (call(.connectionClosed), 503, "dependency-unavailable"),
            (call(.malformedResponse), 503, "dependency-unavailable"), (call(.overloaded), 503, "overloaded"),
            (call(.cancelled), 503, "shutting-down"),
            (call(.deadlineExceeded), 504, "deadline-exceeded"), (call(.invalidRequest), 500, "internal-error"),
            (ServiceCallError.refused(remote(409, "sold-out")), 409, "sold-out"),
            (ServiceCallError.refused(remote(402, "payment-declined")), 402, "payment-declined"),
            (ServiceCallError.refused(remote(401, "unauthorized")), 503, "dependency-unavailable"),
            (ServiceCallError.refused(remote(500, "internal-error")), 503, "dependency-unavailable"),
            (ServiceCallError.refused(remote(503, "overloaded")), 503, "overloaded"),
            (
                ServiceCallError.unreachable(service: .payment, outcomeUnknown: true, reason: ""), 503,
                "dependency-unavailable"
            ),
            (HTTPError(.notFound), 404, "not-found"), (HTTPError(.badRequest, message: "x"), 400, "bad-request"),
            (HTTPError(.badGateway), 502, "internal-error"),
            (NIOTooManyBytesError(maxBytes: 5), 413, "payload-too-large"),
            (CancellationError(), 503, "shutting-down"), (Unknown(), 500, "internal-error"),
        ]
        for (error, status, code) in cases {
            let mapped = problem(error)
            #expect(mapped.status.code == status, "\(error)")
            #expect(mapped.code == code, "\(error)")
            if status == 503 { #expect(mapped.retryAfterSeconds != nil) }
        }
        #expect(problem(CancellationError(), deadlinePassed: true).code == "deadline-exceeded")
    }

    @Test func `an unknown error says nothing about itself`() async throws {
        let harness = try ResponderHarness { router in router.get("/") { _, _ -> Response in throw Unknown() } }
        try await harness.run { client in
            let reply = try await client.execute(uri: "/", method: .get)
            #expect(reply.status == .internalServerError)
            #expect(!String(buffer: reply.body).contains("hunter2"))
            #expect(!String(buffer: reply.body).contains("Unknown"))
        }
    }

    @Test func `a document carries conflicts, retry time, extra members and the older clients' members`() async throws {
        var problem = Problem.conflict(
            code: "seat-unavailable", detail: "taken", conflicts: ["A-1-2"], retryAfter: 3)
        problem.extra["usedAt"] = "2026-01-01T00:00:00.000Z"
        let thrown = problem.withSuccessMember()
        let harness = try ResponderHarness { router in router.get("/x") { _, _ -> Response in throw thrown } }
        try await harness.run { client in
            let reply = try await client.execute(uri: "/x?y=1", method: .get)
            #expect(reply.headers[.retryAfter] == "3")
            let document = try #require(reply.problem)
            #expect(document.conflicts == ["A-1-2"])
            #expect(document.retryAfter == 3)
            #expect(document.success == false)
            #expect(document.message == "taken")
            #expect(document.instance == "/x")
            #expect(String(buffer: reply.body).contains(#""usedAt":"2026-01-01T00:00:00.000Z""#))
        }
    }

    private func call(_ code: HTTPClientError.Code) -> HTTPClientError {
        HTTPClientError(code, "x", mayHaveBeenProcessed: true)
    }

    private func remote(_ status: Int, _ code: String) -> ProblemDocument {
        ProblemDocument(status: status, code: code, title: "t")
    }
}
