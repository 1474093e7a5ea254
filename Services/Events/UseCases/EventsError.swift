/// Why the events service refuses something, apart from fields that break a rule.
enum EventsError: Error, Sendable, Hashable {
    /// Guests buy; they do not organize.
    case guestsMayNotOrganize
    /// The whole catalogue is for admins.
    case inactiveEventsNeedAdmin
    /// There is no such event, or none that the asker may know of.
    case unknownEvent
    /// Inventory did not answer as it must; the reason is in the log.
    case inventoryUnavailable
}
