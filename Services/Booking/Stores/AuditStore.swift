import Contracts
import DatabaseKit
import Foundation
import ServiceKit

/// Reads the audit trail, newest entries first.
struct AuditStore: Sendable {
    let database: any Database

    /// A page of what happened to a booking, and how much there is.
    func entries(ofBooking id: String, _ page: PageRequest) async throws -> (page: [AuditDocument], total: Int) {
        try await entries("booking_id", id, page)
    }

    /// A page of what happened to the bookings of an event, and how much there is.
    func entries(ofEvent id: String, _ page: PageRequest) async throws -> (page: [AuditDocument], total: Int) {
        try await entries("event_id", id, page)
    }

    private func entries(
        _ column: StaticString, _ id: String, _ page: PageRequest
    ) async throws -> (page: [AuditDocument], total: Int) {
        try await database.read { session in
            let total =
                try session.first("SELECT COUNT(*) FROM audit_trail WHERE \(column) = $1", id)?.int(0) ?? 0
            let rows = try session.query(
                """
                SELECT entry_id, booking_id, event_id, at, actor, action, before, after FROM audit_trail
                WHERE \(column) = $1 ORDER BY entry_id DESC LIMIT $2 OFFSET $3
                """, id, page.pageSize, page.offset)
            return (try rows.map(Self.document), total)
        }
    }

    /// What an entry's `before` and `after` say, as ``Booking/auditText(_:)`` and ``Ticket/auditText`` write it.
    private struct Text: Decodable {
        let status: String?
        let paymentStatus: String?
        let total: Int64?
        let refunded: Int64?
        let currency: String?
        let failure: String?
        let tickets: [String]?
        let ticket: String?
        let codeVersion: Int64?
    }

    private static func document(_ row: SQLRow) throws -> AuditDocument {
        let actor = try row.string("actor")
        return AuditDocument(
            entryId: try row.string("entry_id"), bookingId: try row.string("booking_id"),
            eventId: try row.optionalString("event_id"), at: try row.timestamp("at"),
            // Which process it was is for those who read the table.
            actor: actor.hasPrefix("user:") ? actor : "system", action: try row.string("action"),
            before: try state(row.string("before")), after: try state(row.string("after")))
    }

    private static func state(_ text: String) throws -> AuditDocument.State {
        let text = try WireJSON.decoder.decode(Text.self, from: Data(text.utf8))
        var state = AuditDocument.State()
        state.status = text.status
        state.paymentStatus = text.paymentStatus
        state.currency = text.currency
        if let currency = text.currency.flatMap(Currency.init(code:)) {
            state.totalAmount = text.total.map { Money(minorUnits: $0, currency: currency).amount }
            state.refundedAmount = text.refunded.map { Money(minorUnits: $0, currency: currency).amount }
        }
        state.failure = text.failure
        state.tickets = text.tickets
        state.ticketId = text.ticket
        state.codeVersion = text.codeVersion
        return state
    }
}
