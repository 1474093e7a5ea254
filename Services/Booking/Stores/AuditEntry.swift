import Contracts
import DatabaseKit
import ServiceKit

/// One change of money or tickets: who did what, when, and how it was before and after.
///
/// Entries are written in the transaction of the change and never altered.
struct AuditEntry: Sendable, Hashable {
    enum Action: String, Sendable {
        case confirmed, failed
        case refundDue = "refund-due"
        case refunded
        /// Tickets were taken back; their money and their places follow.
        case cancelled
        /// The places of cancelled tickets are free again.
        case released
        case checkedIn = "checked-in"
        case transferred
    }

    /// `user:ID`, or `recovery:PROCESS` for the worker that finished in their place.
    let actor: String
    let action: Action
    let bookingID: String
    let eventID: String?
    let at: Timestamp
    let before: String
    let after: String

    func insert(_ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO audit_trail (entry_id, at, actor, action, booking_id, event_id, before, after)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            UUIDv7.make(at: at), at, actor, action.rawValue, bookingID, eventID, before, after)
    }
}
