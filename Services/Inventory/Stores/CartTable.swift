import Contracts
import DatabaseKit
import ServiceKit

/// The SQL on carts and their lines, within a caller's transaction.
enum CartTable {
    /// A buyer's newest cart with its lines, the active one first; nil when there never was one.
    ///
    /// Ids order carts by the clocks that made them, and a replica's may be behind.
    static func newest(of userID: String, in session: any SQLSession) throws -> Cart? {
        let row = try session.first(
            """
            SELECT cart_id, user_id, status, version, expires_at, last_addition, last_addition_at FROM carts
            WHERE user_id = $1 ORDER BY CASE WHEN status = 'Active' THEN 0 ELSE 1 END, cart_id DESC LIMIT 1
            """, userID)
        return try row.map { try cart($0, in: session) }
    }

    static func insert(_ cart: Cart, in session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO carts (cart_id, user_id, status, version, expires_at, last_addition, last_addition_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, cart.id, cart.userID, cart.storedStatus.rawValue, cart.version, cart.expiresAt,
            cart.lastAddition?.fingerprint, cart.lastAddition?.at)
    }

    /// Stores a changed cart, its lines apart; whether it was still at the version before.
    static func update(_ cart: Cart, in session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            UPDATE carts SET status = $2, version = $3, expires_at = $4, last_addition = $5, last_addition_at = $6
            WHERE cart_id = $1 AND status = 'Active' AND version = $3 - 1
            """, cart.id, cart.storedStatus.rawValue, cart.version, cart.expiresAt, cart.lastAddition?.fingerprint,
            cart.lastAddition?.at) == 1
    }

    static func put(_ line: Cart.Line, of cartID: String, in session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO cart_lines (cart_id, ticket_type_id, line_id, event_id, quantity, seat_numbers, unit_price, \
            currency, reservation_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (cart_id, ticket_type_id) DO UPDATE SET quantity = excluded.quantity, \
            seat_numbers = excluded.seat_numbers, unit_price = excluded.unit_price, \
            reservation_id = excluded.reservation_id
            """, cartID, line.ticketTypeID, line.id, line.eventID, line.quantity,
            line.seatNumbers.joined(separator: ","), line.unitPrice.minorUnits, line.unitPrice.currency.code,
            line.reservationID)
    }

    static func remove(_ line: Cart.Line, of cartID: String, in session: any SQLSession) throws {
        try session.execute(
            "DELETE FROM cart_lines WHERE cart_id = $1 AND ticket_type_id = $2", cartID, line.ticketTypeID)
    }

    private static func cart(_ row: SQLRow, in session: any SQLSession) throws -> Cart {
        let id = try row.string("cart_id")
        let lines = try session.query(
            """
            SELECT line_id, event_id, ticket_type_id, quantity, seat_numbers, unit_price, currency, reservation_id
            FROM cart_lines WHERE cart_id = $1 ORDER BY line_id
            """, id)
        var addition: Cart.Addition?
        if let fingerprint = try row.optionalString("last_addition") {
            addition = Cart.Addition(fingerprint: fingerprint, at: try row.timestamp("last_addition_at"))
        }
        return Cart(
            id: id, userID: try row.string("user_id"), storedStatus: try row.choice("status"),
            version: try row.int64("version"), expiresAt: try row.timestamp("expires_at"), lines: try lines.map(line),
            lastAddition: addition)
    }

    private static func line(_ row: SQLRow) throws -> Cart.Line {
        Cart.Line(
            id: try row.string("line_id"), eventID: try row.string("event_id"),
            ticketTypeID: try row.string("ticket_type_id"), quantity: try row.int("quantity"),
            seatNumbers: try row.string("seat_numbers").split(separator: ",").map(String.init),
            unitPrice: Money(minorUnits: try row.int64("unit_price"), currency: try row.currency("currency")),
            reservationID: try row.optionalString("reservation_id"))
    }
}
