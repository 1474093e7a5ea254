/// Why the events service refuses something, apart from fields that break a rule.
enum EventsError: Error, Sendable, Hashable {
    /// Guests buy; they do not organize.
    case guestsMayNotOrganize
    /// The whole catalogue is for admins.
    case inactiveEventsNeedAdmin
    /// There is no such event, or none that the asker may know of.
    case unknownEvent
    /// The event is somebody else's.
    case notTheOwner
    /// The step cannot be taken because the event is as the text says, such as `cancelled`.
    case wrongState(Step, String)
    /// The change was made from a version that is no longer the event's, which is this one.
    case staleVersion(current: Int64)
    /// More places of these ticket types, by id, are reserved and sold than they would have.
    case capacityBelowSold([String])
    /// Seats of these sections, by name, are reserved or sold and would go.
    case seatsTaken([String])
    /// Buyers of the cancelled event are getting their money back.
    case refundsBegan
    /// Somebody else kept changing the event in the same moments.
    case changedMeanwhile
    /// Inventory did not answer as it must; the reason is in the log.
    case inventoryUnavailable

    /// What somebody wants to do with an event.
    enum Step: String, Sendable {
        case publish, cancel, reactivate, change
    }
}
