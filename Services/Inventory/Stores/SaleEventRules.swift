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

    /// An event with the rules of `version`, which this transaction read; its counters are as they were when the rules
    /// were read.
    func find(_ eventID: String, version: Int64, in session: any SQLSession) throws -> SaleEvent? {
        if let known = events.withLock({ $0[eventID] }), known.rulesVersion == version { return known }
        guard let event = try SaleEventTable.find(eventID, in: session) else { return nil }
        events.withLock { events in
            if events.count >= Self.eventsMax { events.removeAll() }
            events[eventID] = event
        }
        return event
    }
}
