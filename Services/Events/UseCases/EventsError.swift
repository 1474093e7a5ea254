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
    /// The event cannot be put on sale because it is as the text says, such as `cancelled`.
    case notPublishable(String)
    /// Somebody else kept changing the event in the same moments.
    case changedMeanwhile
    /// Inventory did not answer as it must; the reason is in the log.
    case inventoryUnavailable
}
