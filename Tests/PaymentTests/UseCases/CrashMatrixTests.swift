import Contracts
import DatabaseKit
import HTTPKit
import TestSupport
import Testing

@testable import payment

/// Payment dies at every step of everything that moves money, is started again, and there is one outcome.
@Suite("A process that is killed at a step", .onBothDatabases, .serialized)
struct CrashMatrixTests {
    /// What is done when the process dies, and what must be afterwards.
    enum Operation: String, Sendable, CaseIterable {
        case authorize, charge, claim, capture, refund, void, release, webhook

        /// Where it dies: before the effect, after the effect before it is recorded, after it is recorded. A claim and
        /// a message have their effect with their record.
        var points: [String] {
            switch self {
            case .claim: ["claim.begun", "claim.recorded"]
            case .webhook: ["webhook.verified", "webhook.recorded"]
            default: ["begun", "answered", "settled"].map { "\(rawValue).\($0)" }
            }
        }

        /// The ledger of all that happened, in order of keys and kinds.
        var ledger: [String] {
            switch self {
            case .authorize: ["authorize"]
            case .charge, .webhook: ["authorize", "capture"]
            case .claim, .capture: ["authorize", "capture"]
            case .refund: ["authorize", "capture", "refund"]
            case .void: ["void"]
            case .release: ["authorize", "void"]
            }
        }

        /// What the provider holds of 5,000 in the end.
        var held: Int64 {
            switch self {
            case .charge, .claim, .capture, .webhook: 5_000
            case .authorize, .refund, .void, .release: 0
            }
        }
    }

    @Test("one outcome, a ledger in balance, at the provider as here")
    func matrix() async throws {
        var rows: [String] = []
        for operation in Operation.allCases {
            for point in operation.points {
                let failure = try await run(operation, point)
                #expect(failure == nil, "\(operation) at payment.\(point)")
                let cell = "payment.\(point)".padding(toLength: 28)
                rows.append("| \(operation.rawValue.padding(toLength: 10)) | \(cell) | \(failure ?? "one outcome") |")
            }
        }
        print("payment killed at each step, on \(TestDatabase.current.rawValue)")
        print(rows.joined(separator: "\n"))
    }

    /// Nil when all was as it must be; else what was not.
    private func run(_ operation: Operation, _ point: String) async throws -> String? {
        let payment = try await PaymentProcess([
            "SIMULATOR_LATE_SECONDS": "0.8", "RELEASE_SECONDS": "0.1", "RECONCILE_SECONDS": "0.2",
            "RECONCILE_AFTER_SECONDS": "0.3", "REQUEST_SECONDS": "2",
        ])
        let failure = try await run(operation, point, payment)
        await payment.close()
        return failure
    }

    private func run(_ operation: Operation, _ point: String, _ payment: PaymentProcess) async throws -> String? {
        let victim = try await payment.start(faults: "payment.\(point)=die")
        let scene = CrashStory(payment)
        try await scene.prepare(operation)
        _ = try? await scene.perform(operation)
        guard try await victim.wait(within: .seconds(30)) == .signalled(9) else { return "it did not die there" }

        let successor = try await payment.start()
        try await eventually(within: .seconds(20), "the outcome of \(operation) at \(point)") {
            try await scene.perform(operation)
        }
        // Once more, as a duplicate would.
        guard try await scene.perform(operation) else { return "a repeat was answered otherwise" }
        successor.kill()
        let books = try await payment.read { session in
            let ledger = try session.query("SELECT kind FROM ledger ORDER BY kind").map { try $0.string(0) }
            let taken = try session.query(
                """
                SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM simulator_charges
                WHERE captures = 1 AND voided = 0
                """)
            let given = try session.query(
                """
                SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM simulator_refunds WHERE failure_code IS NULL
                """)
            let unmended = try session.query("SELECT COUNT(*) FROM payment_differences WHERE is_mended = 0")
            return (ledger, try taken[0].int64(0) - given[0].int64(0), try unmended[0].int(0))
        }
        return Self.failure(operation, books)
    }

    private static func failure(_ operation: Operation, _ books: ([String], Int64, Int)) -> String? {
        if books.0 != operation.ledger { return "the ledger says \(books.0)" }
        if books.1 != operation.held { return "the provider holds \(books.1)" }
        return books.2 == 0 ? nil : "\(books.2) differences were not mended"
    }
}

extension String {
    fileprivate func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
