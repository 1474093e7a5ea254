import Synchronization

/// What is remembered of the free seats of events whose seats are being chosen for buyers, between transactions.
///
/// Only what a committed transaction found is remembered, and only by ``learning(_:)``: what a transaction saw of itself
/// before it was undone must not count.
final class FreeSeatHints: Sendable {
    private static let eventsMax = 64

    private let events = Mutex<[String: FreeSeats]>([:])

    /// What is remembered of an event under the rules of `rulesVersion`.
    func find(_ eventID: String, rulesVersion: Int64) -> FreeSeats? {
        guard let known = events.withLock({ $0[eventID] }), known.rulesVersion == rulesVersion else { return nil }
        return known
    }

    /// Runs a change of the stock that may search for seats, and learns what it found once it is durable.
    ///
    /// - Parameter fromRefusals: whether to learn from a ``ReservationRefusal``, too; only for a change that does not
    ///   free or take anything but by ``PlaceTaking``.
    func learning<Result>(
        fromRefusals: Bool = false, _ change: (SeatSearch) async throws -> Result
    ) async throws -> Result {
        let search = SeatSearch(self)
        do {
            let result = try await change(search)
            keep(search.found)
            return result
        } catch let refusal as ReservationRefusal {
            // Answered after a commit of what it was decided on, so what it saw before changing anything is durable.
            if fromRefusals { keep(search.foundBeforeChanges) }
            throw refusal
        }
    }

    private func keep(_ found: [String: FreeSeats]) {
        guard !found.isEmpty else { return }
        events.withLock { events in
            for (eventID, free) in found {
                if let known = events[eventID],
                    (known.rulesVersion, known.stockVersion) > (free.rulesVersion, free.stockVersion)
                {
                    continue
                }
                if events.count >= Self.eventsMax, events[eventID] == nil { events.removeAll() }
                events[eventID] = free
            }
        }
    }
}
