import Contracts
import DatabaseKit
import ServiceKit

/// The SQL on reservations, within a caller's transaction.
///
/// Every move out of `Active` is one conditional update whose row count decides who may move the stock, so nothing is
/// counted twice.
enum ReservationTable {
    private static let columns = """
        reservation_id, event_id, user_id, status, lines, currency, customer, notes, reserved_at, expires_at, \
        hard_expires_at, idle_ends_at, fencing_token, pinned_by, pinned_until, booking_id, reference, ticket_numbers
        """

    static func insert(_ reservation: Reservation, customerJSON: String?, in session: any SQLSession) throws {
        try insert([(reservation, customerJSON)], in: session)
    }

    /// Stores new reservations, each with its customer as JSON.
    static func insert(_ reservations: [(Reservation, String?)], in session: any SQLSession) throws {
        for piece in SQLList.pieces(reservations, upTo: rowsPerInsert) {
            let rows = (0..<piece.count).map { index in
                "(\(SQLList.parameters(insertedColumns, after: index * insertedColumns)),'Active')"
            }
            try session.demand(
                rows: piece.count, orThrow: DatabaseError(.sql, "reservations were not stored"),
                """
                INSERT INTO reservations (reservation_id, event_id, user_id, lines, quantity, currency, customer, \
                notes, reserved_at, expires_at, hard_expires_at, idle_ends_at, ends_at, fencing_token, reference, \
                ticket_numbers, status)
                VALUES \(rows.joined(separator: ","))
                """, piece.flatMap { parameters($0, customerJSON: $1) })
        }
    }

    private static let insertedColumns = 16
    /// Within the 999 parameters a statement may have.
    private static let rowsPerInsert = 32

    private static func parameters(
        _ reservation: Reservation, customerJSON: String?
    ) -> [any SQLValueConvertible] {
        [
            reservation.id, reservation.eventID, reservation.userID, ReservationLines.encode(reservation.lines),
            reservation.quantity, reservation.currency.code, customerJSON, reservation.notes, reservation.reservedAt,
            reservation.period.expiresAt, reservation.period.hardExpiresAt, reservation.period.idleEndsAt,
            reservation.period.endsAt, reservation.fencingToken, reservation.ticketing?.reference,
            reservation.ticketing?.ticketNumbers.joined(separator: ","),
        ]
    }

    /// How many places buyers hold of events at `now`.
    ///
    /// One question for each buyer in a single statement, so that no database thinks of reading more than theirs.
    static func placesHeld(
        by holders: Set<ReserveBatch.Holder>, at now: Timestamp, in session: any SQLSession
    ) throws -> [ReserveBatch.Holder: Int] {
        let asked = SQLList.padded(Array(holders), with: ReserveBatch.Holder(userID: "", eventID: ""))
        let rows = try session.query(
            """
            WITH buyer(id, event) AS (VALUES \(SQLList.rows(asked.count, of: 2, after: 1)))
            SELECT buyer.id, buyer.event, (
                SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM reservations
                WHERE user_id = buyer.id AND status BETWEEN 'Active' AND 'Active' AND event_id = buyer.event
                AND ends_at > $1)
            FROM buyer
            """, [now] + asked.flatMap { [$0.userID, $0.eventID] })
        return try Dictionary(
            rows.map { (ReserveBatch.Holder(userID: try $0.string(0), eventID: try $0.string(1)), try $0.int(2)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The reservation that `name` means: its id, or the reference that it was given beside it.
    static func find(_ name: String, in session: any SQLSession) throws -> Reservation? {
        let column = TicketReservation.isReference(name) ? "reference" : "reservation_id"
        return try session.first("SELECT \(columns) FROM reservations WHERE \(column) = $1", name).map(reservation)
    }

    /// The id of the reservation that `name` means; `name` itself where there is none.
    static func id(meantBy name: String, in session: any SQLSession) throws -> String {
        guard TicketReservation.isReference(name) else { return name }
        return try find(name, in: session)?.id ?? name
    }

    /// A buyer's checkout hold on an event, past its end or not.
    static func checkoutHold(
        of userID: String, on eventID: String, in session: any SQLSession
    ) throws -> Reservation? {
        try session.first(
            """
            SELECT \(columns) FROM reservations
            WHERE user_id = $1 AND event_id = $2 AND status = 'Active' AND idle_ends_at IS NOT NULL
            """, userID, eventID
        ).map(reservation)
    }

    /// The reservations with `ids`; unknown ones are left out.
    static func find(_ ids: [String], in session: any SQLSession) throws -> [Reservation] {
        guard !ids.isEmpty else { return [] }
        return try session.query(
            "SELECT \(columns) FROM reservations WHERE reservation_id IN (\(SQLList.parameters(ids.count)))", ids
        ).map(reservation)
    }

    /// Active holds that ended by `now`, longest ago first.
    static func ended(by now: Timestamp, limit: Int, in session: any SQLSession) throws -> [String] {
        try session.query(
            """
            SELECT reservation_id FROM reservations WHERE status = 'Active' AND ends_at <= $1 ORDER BY ends_at LIMIT $2
            """, now, limit
        ).map { try $0.string(0) }
    }

    /// Active holds of an event that ended by `now`, whole.
    static func ended(of eventID: String, by now: Timestamp, limit: Int, in session: any SQLSession) throws
        -> [Reservation]
    {
        try session.query(
            """
            SELECT \(columns) FROM reservations
            WHERE event_id = $1 AND status = 'Active' AND ends_at <= $2 ORDER BY ends_at LIMIT $3
            """, eventID, now, limit
        ).map(reservation)
    }

    /// The ids of all active holds of an event that ended by `now`.
    static func endedIDs(of eventID: String, by now: Timestamp, in session: any SQLSession) throws -> Set<String> {
        Set(
            try session.query(
                "SELECT reservation_id FROM reservations WHERE event_id = $1 AND status = 'Active' AND ends_at <= $2",
                eventID, now
            ).map { try $0.string(0) })
    }

    /// A page of a user's reservations, newest first, and how many there are.
    static func of(
        _ userID: String, activeAt now: Timestamp?, page: PageRequest, in session: any SQLSession
    ) throws -> (page: [Reservation], total: Int) {
        let condition = "user_id = $1 AND " + (now == nil ? "$2 = $2" : "status = 'Active' AND ends_at > $2")
        let moment = now ?? Timestamp(milliseconds: 0)
        let total =
            try session.first("SELECT COUNT(*) FROM reservations WHERE \(condition)", userID, moment)?.int(0) ?? 0
        let found = try session.query(
            """
            SELECT \(columns) FROM reservations WHERE \(condition)
            ORDER BY reservation_id DESC LIMIT $3 OFFSET $4
            """, userID, moment, page.pageSize, page.offset
        ).map(reservation)
        return (found, total)
    }

    /// `Active` → `Expired` for a hold that ended by `now`; whether this call did it.
    static func expire(_ id: String, at now: Timestamp, in session: any SQLSession) throws -> Bool {
        try session.execute(
            "UPDATE reservations SET status = 'Expired' WHERE reservation_id = $1 AND status = 'Active' AND ends_at <= $2",
            id, now) == 1
    }

    /// `Active` → `Released` unless a payment holds it at `now`; whether this call did it.
    static func release(_ id: String, at now: Timestamp, in session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            UPDATE reservations SET status = 'Released', pinned_by = NULL, pinned_until = NULL
            WHERE reservation_id = $1 AND status = 'Active' AND (pinned_by IS NULL OR pinned_until <= $2)
            """, id, now) == 1
    }

    /// `Expired` → `Released`: a payment that still runs cannot buy what its buyer has given back. Its places are free
    /// already.
    static func releaseExpired(_ id: String, in session: any SQLSession) throws {
        try session.execute(
            """
            UPDATE reservations SET status = 'Released', pinned_by = NULL, pinned_until = NULL
            WHERE reservation_id = $1 AND status = 'Expired'
            """, id)
    }

    /// Keeps a hold alive until `end` for one booking; whether it was alive and free for that booking at `now`.
    ///
    /// The same booking may pin again, which counts as no further attempt.
    static func pin(
        _ id: String, for bookingID: String, at now: Timestamp, until end: Timestamp, attemptsMax: Int,
        in session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE reservations SET pinned_by = $2, pinned_until = $4, \
            ends_at = CASE WHEN ends_at > $4 THEN ends_at ELSE $4 END, \
            payment_attempts = payment_attempts + CASE WHEN pinned_by = $2 THEN 0 ELSE 1 END
            WHERE reservation_id = $1 AND status = 'Active' AND ends_at > $3
            AND (pinned_by = $2 OR ((pinned_by IS NULL OR pinned_until <= $3) AND payment_attempts < $5))
            """, id, bookingID, now, end, attemptsMax) == 1
    }

    /// Gives a living hold new times; whether it was alive at `now`.
    static func extend(
        _ id: String, to period: HoldPeriod, at now: Timestamp, in session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE reservations SET expires_at = $2, idle_ends_at = $3, \
            ends_at = CASE WHEN pinned_until > $4 THEN pinned_until ELSE $4 END
            WHERE reservation_id = $1 AND status = 'Active' AND ends_at > $5
            """, id, period.expiresAt, period.idleEndsAt, period.endsAt, now) == 1
    }

    /// Replaces what a hold holds, unless a payment holds it at `now`; whether it was there to be changed.
    ///
    /// A payment that came too late loses its pin, so that it cannot buy what is no longer held.
    static func replaceLines(
        _ lines: [Reservation.Line], of id: String, at now: Timestamp, in session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE reservations SET lines = $2, quantity = $3, pinned_by = NULL, pinned_until = NULL
            WHERE reservation_id = $1 AND status = 'Active' AND (pinned_by IS NULL OR pinned_until <= $4)
            """, id, ReservationLines.encode(lines), lines.reduce(0) { $0 + $1.quantity }, now) == 1
    }

    /// Gives a hold its own deadline back, if `bookingID` has the pin; one that ended cannot be bought any more.
    static func unpin(_ id: String, from bookingID: String, in session: any SQLSession) throws {
        try session.execute(
            """
            UPDATE reservations SET pinned_by = NULL, pinned_until = NULL, \
            ends_at = CASE WHEN idle_ends_at < expires_at THEN idle_ends_at ELSE expires_at END
            WHERE reservation_id = $1 AND status IN ('Active', 'Expired') AND pinned_by = $2
            """, id, bookingID)
    }

    /// `status` → `Confirmed` for the booking that has the pin; whether this call did it.
    static func confirm(
        _ id: String, from status: ReservationStatus, for bookingID: String, in session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE reservations SET status = 'Confirmed', booking_id = $2
            WHERE reservation_id = $1 AND status = $3 AND pinned_by = $2
            """, id, bookingID, status.rawValue) == 1
    }

    private static func reservation(_ row: SQLRow) throws -> Reservation {
        var pin: Reservation.Pin?
        if let bookingID = try row.optionalString("pinned_by") {
            pin = Reservation.Pin(bookingID: bookingID, until: try row.timestamp("pinned_until"))
        }
        return Reservation(
            id: try row.string("reservation_id"), eventID: try row.string("event_id"),
            userID: try row.string("user_id"), lines: try ReservationLines.decode(try row.string("lines")),
            currency: try row.currency("currency"),
            customer: try row.optionalString("customer").map(CustomerText.decode),
            notes: try row.optionalString("notes"), reservedAt: try row.timestamp("reserved_at"),
            period: HoldPeriod(
                expiresAt: try row.timestamp("expires_at"), hardExpiresAt: try row.timestamp("hard_expires_at"),
                idleEndsAt: try row.optionalTimestamp("idle_ends_at")),
            ticketing: try ticketing(row),
            fencingToken: try row.int64("fencing_token"), storedStatus: try row.choice("status"), pin: pin,
            bookingID: try row.optionalString("booking_id"))
    }

    private static func ticketing(_ row: SQLRow) throws -> TicketReservation? {
        guard let reference = try row.optionalString("reference") else { return nil }
        return TicketReservation(
            reference: reference,
            ticketNumbers: try row.string("ticket_numbers").split(separator: ",").map(String.init))
    }
}
