import DatabaseKit
import Synchronization

/// The rules of sale of the events that are being sold, remembered between transactions.
///
/// Every use compares the version with the stored one inside the caller's transaction, so that a change of the rules
/// counts from the moment it is committed, whichever process made it; only the reading and taking apart of unchanged
/// rows is spared.
final class SaleEventRules: Sendable {
    private static let eventsMax = 256

    private let events = Mutex<[String: SaleEvent]>([:])

    /// An event as of this transaction, save for its counters, which are as they were when its rules were read: nil when
    /// it is unknown.
    func find(_ eventID: String, in session: any SQLSession) throws -> SaleEvent? {
        guard let version = try SaleEventTable.rulesVersion(of: eventID, in: session) else { return nil }
        if let known = events.withLock({ $0[eventID] }), known.rulesVersion == version { return known }
        guard let event = try SaleEventTable.find(eventID, in: session) else { return nil }
        events.withLock { events in
            if events.count >= Self.eventsMax { events.removeAll() }
            events[eventID] = event
        }
        return event
    }
}
