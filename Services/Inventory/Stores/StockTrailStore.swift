import Contracts
import DatabaseKit
import ServiceKit

/// Reads what happened to the stock, newest entries first.
struct StockTrailStore: Sendable {
    let database: any Database

    /// A page of what happened to an event's stock, and how much there is.
    func entries(
        ofEvent eventID: String, _ page: PageRequest
    ) async throws -> (page: [StockChangeDocument], total: Int) {
        try await database.read { session in
            let total =
                try session.first("SELECT COUNT(*) FROM stock_trail WHERE event_id = $1", eventID)?.int(0) ?? 0
            let rows = try session.query(
                """
                SELECT entry_id, at, actor, action, reservation_id, reserved_at, ticket_type_id, status_before,
                status_after, lines_before, lines_after, total_before, total_after, blocked_before, blocked_after
                FROM stock_trail WHERE event_id = $1 ORDER BY entry_id DESC LIMIT $2 OFFSET $3
                """, eventID, page.pageSize, page.offset)
            return (try rows.map { try Self.document($0, of: eventID) }, total)
        }
    }

    private static func document(_ row: SQLRow, of eventID: String) throws -> StockChangeDocument {
        StockChangeDocument(
            entryId: String(try row.int64("entry_id")), eventId: eventID, at: try row.timestamp("at"),
            actor: try row.string("actor"), action: try row.string("action"),
            reservationId: try row.optionalString("reservation_id"),
            reservedAt: try row.optionalTimestamp("reserved_at"),
            ticketTypeId: try row.optionalString("ticket_type_id"), before: try state(row, "before"),
            after: try state(row, "after"))
    }

    private static func state(_ row: SQLRow, _ side: String) throws -> StockChangeDocument.State {
        var state = StockChangeDocument.State()
        state.status = try row.optionalString("status_\(side)")
        if let lines = try row.optionalString("lines_\(side)").map(ReservationLines.decode) {
            state.quantity = lines.reduce(0) { $0 + $1.quantity }
            state.seatNumbers = lines.flatMap(\.seatNumbers)
        }
        state.totalQuantity = try row.optionalInt("total_\(side)")
        state.blockedQuantity = try row.optionalInt("blocked_\(side)")
        return state
    }
}
