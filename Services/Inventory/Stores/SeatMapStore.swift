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

    let database: any Database

    /// The seats of an event at `now`, with the event; nil for an unknown event.
    func map(
        of eventID: String, known: Int64?, at now: Timestamp
    ) async throws -> (event: SaleEvent, answer: Answer)? {
        try await database.read { session in
            guard let event = try SaleEventTable.find(eventID, in: session) else { return nil }
            // Hardly ever there are any.
            let ended = try ReservationTable.endedIDs(of: eventID, by: now, in: session)
            if event.stockVersion == known, ended.isEmpty { return (event, .unchanged) }
            var map = SeatMap(
                eventID: eventID, version: event.stockVersion,
                sections: try SectionTable.placed(of: eventID, in: session))
            for row in try session.query(
                "SELECT ordinal, status, reservation_id FROM seats WHERE event_id = $1 AND status <> 'Available'",
                eventID)
            {
                // What is over is free for everyone, swept up or not.
                let isOver = try !ended.isEmpty && row.optionalString(2).map(ended.contains) ?? false
                map.mark(try row.int64(0), isOver ? .available : try row.choice("status"))
            }
            return (event, .map(map, lastsWithVersion: ended.isEmpty))
        }
    }
}
