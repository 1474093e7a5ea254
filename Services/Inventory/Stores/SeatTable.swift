import Contracts
import DatabaseKit
import ServiceKit

/// The SQL on seats, within a caller's transaction.
enum SeatTable {
    private static let columns = "ordinal, seat_number, section, row_number, ticket_type_id, status, reservation_id"

    /// How many seats one statement makes, within the 999 parameters a statement may have.
    private static let rowsPerInsert = 150

    /// The seats with `numbers`, in seat order; unknown numbers are left out.
    static func find(_ numbers: [String], of eventID: String, in session: any SQLSession) throws -> [Seat] {
        try session.query(
            """
            SELECT \(columns) FROM seats
            WHERE event_id = $1 AND \(hasNumber(numbers.count, after: 1)) ORDER BY ordinal
            """, [eventID] + numbers
        ).map(seat)
    }

    /// A seat as somebody finds it who wants it.
    struct Candidate {
        let seat: Seat
        /// The fence of whoever wrote it last.
        let fence: Int64
        /// Whether it is held by a reservation that has ended.
        let isPastItsEnd: Bool
    }

    /// The seats with `numbers`, by their numbers, as they are at `now`; unknown numbers are left out.
    ///
    /// The numbers are rows to join with: from a long list of alternatives PostgreSQL, while it has no statistics,
    /// concludes that most of the event is wanted, and reads all of it.
    static func candidates(
        _ numbers: [String], of eventID: String, at now: Timestamp, in session: any SQLSession
    ) throws -> [String: Candidate] {
        let seatLookUp = session.dialect.lookUp("seats", where: "event_id = $1 AND seat_number = wanted.number")
        var rows: [SQLRow] = []
        for start in stride(from: 0, to: numbers.count, by: numbersPerQuery) {
            let piece = SQLList.padded(
                Array(numbers[start..<min(start + numbersPerQuery, numbers.count)]), with: "")
            rows += try session.query(
                """
                WITH wanted(number) AS (VALUES \(SQLList.rows(piece.count, of: 1, after: 1)))
                SELECT \(columns), fence FROM wanted \(seatLookUp)
                """, [eventID] + piece)
        }
        let found = try rows.map { (seat: try seat($0), fence: try $0.int64("fence")) }
        let holders = Set(found.filter { $0.seat.status == .reserved }.compactMap(\.seat.reservationID))
        let ended = Set(
            try ReservationTable.find(holders.sorted(), in: session).filter { $0.status(at: now) == .expired }.map(\.id)
        )
        return Dictionary(
            found.map { seat, fence in
                let isPastItsEnd = seat.reservationID.map(ended.contains) ?? false
                return (seat.number, Candidate(seat: seat, fence: fence, isPastItsEnd: isPastItsEnd))
            }, uniquingKeysWith: { first, _ in first })
    }

    private static let numbersPerQuery = 256

    /// The seats with `ordinals`, in seat order; unknown ones are left out.
    static func find(ordinals: [Int64], of eventID: String, in session: any SQLSession) throws -> [Seat] {
        try session.query(
            """
            SELECT \(columns) FROM seats
            WHERE event_id = $1 AND ordinal IN (\(SQLList.parameters(ordinals.count, after: 1))) ORDER BY ordinal
            """, [eventID] + ordinals
        ).map(seat)
    }

    /// Which of the seats of a range, by ordinal, are free, in seat order.
    static func freeOrdinals(
        in range: Range<Int64>, of eventID: String, in session: any SQLSession
    ) throws -> [Int64] {
        try session.query(
            """
            SELECT ordinal FROM seats
            WHERE event_id = $1 AND ordinal >= $2 AND ordinal < $3 AND status = 'Available' ORDER BY ordinal
            """, eventID, range.lowerBound, range.upperBound
        ).map { try $0.int64(0) }
    }

    /// A page of seats after `ordinal`, in seat order; holds that ended by `now` show as available.
    static func page(_ query: SeatQuery, at now: Timestamp, in session: any SQLSession) throws -> [Seat] {
        let free = "(s.status = 'Available' OR (s.status = 'Reserved' AND r.ends_at <= $2 AND r.status = 'Active'))"
        let wanted =
            switch query.status {
            case nil: "1 = 1"
            case .available: free
            case .reserved: "s.status = 'Reserved' AND NOT \(free)"
            case .sold: "s.status = 'Sold'"
            case .blocked: "s.status = 'Blocked'"
            }
        return try session.query(
            """
            SELECT s.ordinal, s.seat_number, s.section, s.row_number, s.ticket_type_id, s.reservation_id,
            CASE WHEN \(free) THEN 'Available' ELSE s.status END AS status
            FROM seats s LEFT JOIN reservations r ON s.status = 'Reserved' AND r.reservation_id = s.reservation_id
            WHERE s.event_id = $1 AND s.ordinal > $3 AND (s.section = $4 OR $4 IS NULL) AND \(wanted)
            ORDER BY s.ordinal LIMIT $5
            """, query.eventID, now, query.afterOrdinal, query.section, query.limit
        ).map(seat)
    }

    /// Makes seats, in statements of many rows; seats that exist stay as they are.
    static func insert(
        _ seats: [EventStore.NewSeat], of eventID: String, as status: SeatStatus, in session: any SQLSession
    ) throws {
        for start in stride(from: 0, to: seats.count, by: rowsPerInsert) {
            let batch = seats[start..<min(start + rowsPerInsert, seats.count)]
            var parameters: [any SQLValueConvertible] = [eventID, status.rawValue]
            for seat in batch {
                parameters +=
                    [
                        seat.place.ordinal, seat.place.number, seat.place.section, seat.place.row, seat.ticketTypeID,
                    ] as [any SQLValueConvertible]
            }
            let rows = (0..<batch.count).map { "($1,$2,\(SQLList.parameters(5, after: 2 + 5 * $0)))" }
            try session.execute(
                """
                INSERT INTO seats (event_id, status, ordinal, seat_number, section, row_number, ticket_type_id)
                VALUES \(rows.joined(separator: ",")) ON CONFLICT DO NOTHING
                """, parameters)
        }
    }

    /// Gives free seats to a reservation, by their ordinals.
    ///
    /// - Throws: ``ReservationRefusal/fenced`` when one of them is not free or has a fence that is not below `fence`,
    ///   which then comes from a lock that was lost since
    static func take(
        _ ordinals: [Int64], of eventID: String, for reservationID: String, fence: Int64?, in session: any SQLSession
    ) throws {
        let places = SQLList.parameters(ordinals.count, after: 3)
        let parameters: [any SQLValueConvertible] = [eventID, reservationID, fence ?? Int64.max] + ordinals
        try session.demand(
            rows: ordinals.count, orThrow: ReservationRefusal.fenced,
            """
            UPDATE seats SET status = 'Reserved', reservation_id = $2, version = version + 1, \
            fence = CASE WHEN $3 = \(Int64.max) THEN fence ELSE $3 END
            WHERE event_id = $1 AND status = 'Available' AND fence < $3 AND ordinal IN (\(places))
            """, parameters)
    }

    /// Frees seats that a reservation has, or throws `failure`.
    static func free(
        _ numbers: [String], of eventID: String, heldBy reservationID: String, orThrow failure: any Error,
        in session: any SQLSession
    ) throws {
        try move(
            numbers, of: eventID, where: "status = 'Reserved' AND reservation_id = $2",
            set: "status = 'Available', reservation_id = NULL", reservationID, orThrow: failure, in: session)
    }

    /// Sells seats that a reservation holds, or throws `failure`.
    static func sell(
        _ numbers: [String], of eventID: String, heldBy reservationID: String, orThrow failure: any Error,
        in session: any SQLSession
    ) throws {
        try move(
            numbers, of: eventID, where: "status = 'Reserved' AND reservation_id = $2", set: "status = 'Sold'",
            reservationID, orThrow: failure, in: session)
    }

    /// Sells seats that are free to a reservation that had lost them, or throws `failure`.
    static func sellFree(
        _ numbers: [String], of eventID: String, to reservationID: String, orThrow failure: any Error,
        in session: any SQLSession
    ) throws {
        try move(
            numbers, of: eventID, where: "status = 'Available'", set: "status = 'Sold', reservation_id = $2",
            reservationID, orThrow: failure, in: session)
    }

    /// Changes the seats with `numbers`, for all of which `condition` must hold, or throws `failure`.
    static func move(
        _ numbers: [String], of eventID: String, where condition: String, set assignments: String,
        _ reservationID: String, orThrow failure: any Error, in session: any SQLSession
    ) throws {
        try session.demand(
            rows: numbers.count, orThrow: failure,
            """
            UPDATE seats SET \(assignments), version = version + 1
            WHERE event_id = $1 AND \(condition) AND \(hasNumber(numbers.count, after: 2))
            """, [eventID, reservationID] + numbers)
    }

    /// The condition that a seat has one of `count` numbers, with the event in `$1`.
    ///
    /// Said twice, for each database once: left with the numbers alone, SQLite reads the whole event in the order of its
    /// key; left with the ordinals alone, PostgreSQL reads all of the event's seats while it has no statistics.
    static func hasNumber(_ count: Int, after bound: Int, of alias: String = "") -> String {
        let numbers = SQLList.parameters(count, after: bound)
        return """
            \(alias)seat_number IN (\(numbers)) AND \(alias)ordinal IN \
            (SELECT ordinal FROM seats WHERE event_id = $1 AND seat_number IN (\(numbers)))
            """
    }

    private static func seat(_ row: SQLRow) throws -> Seat {
        Seat(
            ordinal: try row.int64("ordinal"), number: try row.string("seat_number"),
            section: try row.string("section"), row: try row.int("row_number"),
            ticketTypeID: try row.string("ticket_type_id"), status: try row.choice("status"),
            reservationID: try row.optionalString("reservation_id"))
    }
}
