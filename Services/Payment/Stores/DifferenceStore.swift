import Contracts
import DatabaseKit
import ServiceKit

/// What reconciliation has found, for operators.
struct DifferenceStore: Sendable {
    let database: any Database

    func record(_ difference: Difference) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO payment_differences (
                    difference_id, kind, payment_key, booking_id, detail, is_mended, found_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                difference.id, difference.kind.rawValue, difference.paymentKey, difference.bookingID,
                difference.detail, difference.isMended, difference.foundAt)
        }
    }

    /// Up to `limit` differences in the order in which they were found, from after one.
    func read(after id: String, limit: Int) async throws -> [Difference] {
        try await database.read { session in
            try session.query(
                """
                SELECT difference_id, kind, payment_key, booking_id, detail, is_mended, found_at
                FROM payment_differences WHERE difference_id > $1 ORDER BY difference_id LIMIT $2
                """, id, limit
            ).map { row in
                Difference(
                    try row.choice("kind"), try row.string("payment_key"),
                    bookingID: try row.optionalString("booking_id"), detail: try row.string("detail"),
                    isMended: try row.bool("is_mended"), at: try row.timestamp("found_at"),
                    id: try row.string("difference_id"))
            }
        }
    }
}
