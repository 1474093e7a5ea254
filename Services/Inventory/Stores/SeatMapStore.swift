import Contracts
import DatabaseKit

/// Reads all seats of an event at once.
struct SeatMapStore: Sendable {
    enum Answer: Sendable {
        /// Nothing has changed since the version that the asker knows.
        case unchanged
        /// With whether it stays true as long as the version does: not where a hold is over and still in the rows.
        case map(SeatMap, lastsWithVersion: Bool)
    }

    private static let endedPerRead = 500

    let database: any Database

    /// The seats of an event at `now`; nil for an unknown event.
    func map(of eventID: String, known: Int64?, at now: Timestamp) async throws -> Answer? {
        try await database.read { session in
            guard try SaleEventTable.isOffered(eventID, in: session),
                let version = try SaleEventTable.stockVersions(of: [eventID], in: session)[eventID]
            else { return nil }
            // Of all events, which an index answers; hardly ever there are any.
            let ids = try ReservationTable.ended(by: now, limit: Self.endedPerRead, in: session)
            let ended = try ReservationTable.find(ids, in: session).filter { $0.eventID == eventID }
            if version == known, ended.isEmpty { return .unchanged }
            let lastsWithVersion = ended.isEmpty
            var map = SeatMap(
                eventID: eventID, version: version, sections: try SectionTable.placed(of: eventID, in: session))
            for row in try session.query(
                "SELECT ordinal, status FROM seats WHERE event_id = $1 AND status <> 'Available'", eventID)
            {
                map.mark(try row.int64(0), try row.choice("status"))
            }
            // What is over is free for everyone. A crowd of such holds is swept up within a second; what is beyond the
            // first of them shows then.
            for hold in ended {
                let numbers = hold.lines.flatMap(\.seatNumbers)
                guard !numbers.isEmpty else { continue }
                for seat in try SeatTable.find(numbers, of: eventID, in: session) where seat.reservationID == hold.id {
                    map.mark(seat.ordinal, .available)
                }
            }
            return .map(map, lastsWithVersion: lastsWithVersion)
        }
    }
}
