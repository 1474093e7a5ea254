import Contracts
import DatabaseKit
import ServiceKit

/// Another ticket for the same seat is in use.
struct SeatAlreadyTicketed: Error, Sendable, Hashable {
    let eventID: String
    let seatNumber: String?
}

/// Writes tickets into rows and reads them out again.
enum TicketTable {
    static let columns = """
        ticket_id, ticket_number, position, booking_id, user_id, event_id, ticket_type_id, seat_number, price_minor,
        currency, status, customer_name, customer_email, customer_phone, notes, reserved_at, purchased_at,
        cancelled_at, used_at, code_version
        """

    /// Adds a ticket.
    ///
    /// - Throws: ``SeatAlreadyTicketed`` when its seat has a ticket that admits somebody
    static func insert(_ ticket: Ticket, _ session: any SQLSession) throws {
        let inserted = try session.execute(
            """
            INSERT INTO tickets (
                ticket_id, ticket_number, position, booking_id, user_id, event_id, ticket_type_id, seat_number,
                price_minor, currency, status, customer_name, customer_email, customer_phone, notes, reserved_at,
                purchased_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (event_id, seat_number) WHERE status IN ('Purchased', 'Used') DO NOTHING
            """,
            ticket.id, ticket.number, ticket.position, ticket.bookingID, ticket.userID, ticket.eventID,
            ticket.ticketTypeID, ticket.seatNumber, ticket.price.minorUnits, ticket.price.currency.code,
            ticket.status.rawValue, ticket.customer?.name, ticket.customer?.email, ticket.customer?.phone,
            ticket.notes, ticket.reservedAt, ticket.purchasedAt)
        guard inserted == 1 else {
            throw SeatAlreadyTicketed(eventID: ticket.eventID, seatNumber: ticket.seatNumber)
        }
    }

    /// → `Cancelled`, unless somebody changed the ticket since it was read; whether this call did it.
    static func cancel(_ ticket: Ticket, at now: Timestamp, _ session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            UPDATE tickets SET status = 'Cancelled', cancelled_at = $4
            WHERE ticket_id = $1 AND status = $2 AND code_version = $3
            """, ticket.id, ticket.status.rawValue, ticket.codeVersion, now) == 1
    }

    /// `Purchased` → `Used` for the ticket's current code; whether this call did it.
    static func use(_ ticket: Ticket, at now: Timestamp, _ session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            UPDATE tickets SET status = 'Used', used_at = $3
            WHERE ticket_id = $1 AND status = 'Purchased' AND code_version = $2
            """, ticket.id, ticket.codeVersion, now) == 1
    }

    /// Gives a ticket a new code, and the address and the person it belongs to; whether it was still as it was read.
    static func transfer(_ ticket: Ticket, to holder: String, email: String, _ session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            UPDATE tickets SET user_id = $3, code_version = code_version + 1, customer_name = NULL,
                customer_email = $4, customer_phone = NULL
            WHERE ticket_id = $1 AND status = 'Purchased' AND code_version = $2
            """, ticket.id, ticket.codeVersion, holder, email) == 1
    }

    static func ticket(_ row: SQLRow) throws -> Ticket {
        Ticket(
            id: try row.string("ticket_id"), number: try row.string("ticket_number"),
            position: try row.int("position"), bookingID: try row.string("booking_id"),
            userID: try row.string("user_id"), eventID: try row.string("event_id"),
            ticketTypeID: try row.string("ticket_type_id"), seatNumber: try row.optionalString("seat_number"),
            price: Money(minorUnits: try row.int64("price_minor"), currency: try row.currency("currency")),
            status: try row.choice("status"), customer: try customer(row),
            notes: try row.optionalString("notes"), reservedAt: try row.timestamp("reserved_at"),
            purchasedAt: try row.timestamp("purchased_at"), cancelledAt: try row.optionalTimestamp("cancelled_at"),
            usedAt: try row.optionalTimestamp("used_at"), codeVersion: try row.int64("code_version"))
    }

    private static func customer(_ row: SQLRow) throws -> CustomerDocument? {
        let customer = CustomerDocument(
            name: try row.optionalString("customer_name"), email: try row.optionalString("customer_email"),
            phone: try row.optionalString("customer_phone"))
        return customer == CustomerDocument() ? nil : customer
    }
}
