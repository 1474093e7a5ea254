import Checker
import Contracts
import HTTPKit
import Synchronization
import TestSupport
import Testing

/// Asks again and again while something is away, and remembers every answer.
final class Witness: Sendable {
    private struct Seen {
        /// By status and code.
        var replies: [String: Int] = [:]
        var refusals: Set<String> = []
        /// Replies that are neither an answer nor a refusal that says when to come back, and requests without a reply.
        var surprises: [String] = []
        /// Answers in a row of each question since its last refusal.
        var goodInARow: [String: Int] = [:]
    }

    /// Routes that cannot be answered without the database of their service.
    private static let questions = ["/api/events", "/api/bookings/me", "/api/auth/me"]
    private static let enoughInARow = 5

    private let client: APIClient
    private let seen = Mutex(Seen())

    init(client: APIClient) {
        self.client = client
    }

    /// Asks all the time while `body` runs.
    func watch(_ body: () async throws -> Void) async throws {
        let asking = Self.questions.map { question in
            Task {
                while !Task.isCancelled { await ask(question) }
            }
        }
        defer { for task in asking { task.cancel() } }
        try await body()
    }

    /// Waits until a question was refused.
    func waitForRefusals() async throws {
        try await eventually(within: .seconds(30), "a refusal") { seen.withLock { !$0.refusals.isEmpty } }
    }

    /// Waits until all questions are answered again.
    func waitForRecovery() async throws {
        seen.withLock { $0.goodInARow = [:] }
        try await eventually(within: .seconds(30), "answers to all questions") {
            seen.withLock { seen in
                Self.questions.allSatisfy { seen.goodInARow[$0, default: 0] >= Self.enoughInARow }
            }
        }
    }

    func expectOnlyCleanRefusals(sourceLocation: SourceLocation = #_sourceLocation) {
        let seen = seen.withLock { $0 }
        #expect(seen.surprises.isEmpty, "\(seen.replies)", sourceLocation: sourceLocation)
    }

    private func ask(_ question: String) async {
        do {
            let reply = try await client.send("GET", question)
            seen.withLock { Self.note(reply, to: question, &$0) }
            // A careful client does not hammer; the pause only spares the machine.
            try await Task.sleep(for: .milliseconds(5))
        } catch is CancellationError {
            return
        } catch {
            if !Task.isCancelled { seen.withLock { $0.surprises.append("\(question): \(error)") } }
        }
    }

    private static func note(_ reply: APIReply, to question: String, _ seen: inout Seen) {
        seen.replies["\(reply.status) \(reply.code ?? "")", default: 0] += 1
        switch reply.status {
        case 200: seen.goodInARow[question, default: 0] += 1
        case 503 where reply.headers.contains("Retry-After") && reply.code != nil:
            seen.refusals.insert(question)
            seen.goodInARow[question] = 0
        default: seen.surprises.append("\(question): \(reply.status) \(reply.text)")
        }
    }
}
