import Contracts
import DatabaseKit

/// What stands between a buyer and places of an event besides the stock itself.
struct HoldLimits: Sendable {
    let timing: HoldTiming
    /// How many places of one event a user may hold at once.
    let placesPerUserMax: Int
    /// What is known of the free seats of events, so that a choice among them reads few of them.
    let freeSeats = FreeSeatHints()
    /// What is known of events, so that most attempts only ask for their rules' version.
    private let rules = SaleEventRules()

    init(timing: HoldTiming, placesPerUserMax: Int) {
        self.timing = timing
        self.placesPerUserMax = placesPerUserMax
    }

    /// The event save for its counters, when `quantity` more of it may be held by `userID` at `now`.
    ///
    /// - Parameter instead: the hold whose places the new ones replace
    /// - Throws: ``ReservationRefusal``
    func admit(
        _ quantity: Int, of eventID: String, to userID: String, instead: Reservation? = nil, at now: Timestamp,
        in session: any SQLSession
    ) throws -> SaleEvent {
        guard let standing = try SaleEventTable.standing(of: userID, on: eventID, at: now, in: session),
            let event = try rules.find(eventID, version: standing.rulesVersion, in: session)
        else { throw ReservationRefusal.eventUnknown }
        if let refusal = event.refusalToSell(at: now) { throw refusal }
        guard quantity <= event.maxPerOrder else { throw ReservationRefusal.orderTooLarge(max: event.maxPerOrder) }
        guard standing.placesHeld - (instead?.quantity ?? 0) + quantity <= placesPerUserMax else {
            throw ReservationRefusal.holdLimit(max: placesPerUserMax)
        }
        return event
    }

    /// Whether a buyer who has `held` of an event may hold `quantity` more at `now`: what ``admit(_:of:to:instead:at:in:)``
    /// asks, without the reason.
    func allows(_ quantity: Int, of event: SaleEvent, besides held: Int, at now: Timestamp) -> Bool {
        event.refusalToSell(at: now) == nil && quantity <= event.maxPerOrder && held + quantity <= placesPerUserMax
    }

    /// Events as of this transaction, save for their counters; unknown ones are left out.
    func events(_ ids: Set<String>, in session: any SQLSession) throws -> [String: SaleEvent] {
        var events: [String: SaleEvent] = [:]
        for (id, version) in try SaleEventTable.rulesVersions(of: ids, in: session) {
            events[id] = try rules.find(id, version: version, in: session)
        }
        return events
    }
}
