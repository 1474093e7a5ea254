import Contracts
import DatabaseKit

/// Makes some seats of an event the blocked ones and all others available again, within a caller's transaction.
///
/// What buyers hold or bought cannot be blocked: then nothing changes. The counters move with the seats, so that what is
/// kept back is never counted as left.
struct BlockedSeatsTransaction: Sendable {
    let eventID: String
    let seatNumbers: Set<String>
    let now: Timestamp

    /// Within the parameters that a statement may have.
    private static let seatsPerStatement = 500

    /// The version of the stock with it.
    ///
    /// - Throws: ``ReservationRefusal``
    func run(in session: any SQLSession) throws -> Int64 {
        guard try SaleEventTable.find(eventID, in: session) != nil else { throw ReservationRefusal.eventUnknown }
        // A hold that is over stands against nothing.
        try StockMovement.expireAll(of: eventID, at: now, in: session)
        let blocked = try BlockedSeatTable.seats(of: eventID, in: session)
        let numbers = Set(blocked.map(\.number))
        let fresh = try available(seatNumbers.subtracting(numbers).sorted(), in: session)
        let freed = blocked.filter { !seatNumbers.contains($0.number) }
        try move(fresh.map { ($0.ordinal, $0.ticketTypeID) }, from: .available, to: .blocked, by: 1, in: session)
        try move(freed.map { ($0.ordinal, $0.ticketTypeID) }, from: .blocked, to: .available, by: -1, in: session)
        if !fresh.isEmpty || !freed.isEmpty { try SaleEventTable.touch(eventID, in: session) }
        return try SaleEventTable.stockVersions(of: [eventID], in: session)[eventID] ?? 0
    }

    /// The seats with `numbers`, which all exist and are free.
    private func available(_ numbers: [String], in session: any SQLSession) throws -> [Seat] {
        var seats: [Seat] = []
        for start in stride(from: 0, to: numbers.count, by: Self.seatsPerStatement) {
            let batch = Array(numbers[start..<min(start + Self.seatsPerStatement, numbers.count)])
            seats += try SeatTable.find(batch, of: eventID, in: session)
        }
        let known = Set(seats.map(\.number))
        guard known.count == numbers.count else {
            throw ReservationRefusal.seatsUnknown(numbers.filter { !known.contains($0) })
        }
        let taken = seats.filter { $0.status != .available }
        guard taken.isEmpty else { throw ReservationRefusal.seatsUnavailable(taken.map(\.number)) }
        return seats
    }

    private func move(
        _ seats: [(ordinal: Int64, ticketTypeID: String)], from old: SeatStatus, to new: SeatStatus, by sign: Int,
        in session: any SQLSession
    ) throws {
        for (typeID, group) in Dictionary(grouping: seats, by: \.ticketTypeID) {
            for start in stride(from: 0, to: group.count, by: Self.seatsPerStatement) {
                let batch = group[start..<min(start + Self.seatsPerStatement, group.count)].map(\.ordinal)
                let moved = try BlockedSeatTable.move(batch, of: eventID, from: old, to: new, in: session)
                guard moved == batch.count else { throw ReservationRefusal.fenced }
            }
            try BlockedSeatTable.count(sign * group.count, of: typeID, in: eventID, session: session)
        }
    }
}
