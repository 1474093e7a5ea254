import Contracts
import LockKit
import RedisKit
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite struct RefusalTranslationTests {
    private func problem(of error: any Error) async throws -> Problem {
        try #require(
            await #expect(throws: Problem.self) {
                try await RefusalTranslation(clock: ManualClock()).run { throw error }
            })
    }

    @Test func `locks that are out of reach are told as an outage that passes`() async throws {
        for error in [LockError.backend(RedisError(.notConnected, "gone")), .acquiredTooLate] {
            let problem = try await problem(of: error)
            #expect(problem.code == "dependency-unavailable")
            #expect(problem.retryAfterSeconds == 1)
        }
    }

    @Test func `seats that nothing can be locked by are the request's fault`() async throws {
        let problem = try await problem(of: LockError.invalidRequest("a resource contains a brace"))
        #expect(problem.document(instance: nil).status == 422)
        #expect(problem.fieldErrors.map(\.field) == ["seatNumbers"])
        #expect(problem.retryAfterSeconds == nil)
    }
}
