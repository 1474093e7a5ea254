import Contracts
import DatabaseKit
import Synchronization

/// Events that were found lately, read from JSON once and not for every search that finds them.
final class RecentDocuments: Sendable {
    /// A stored event in one of its versions.
    private struct Key: Hashable {
        let tables: CopyTables
        let build: Int64
        let serial: Int64
        let version: Int64
    }

    /// About 2 KB each.
    private static let entriesMax = 8192

    private let entries = Mutex<[Key: EventDocument]>([:])

    /// The event stored under `serial`; nil when it is not there.
    func event(
        _ serial: Int64, of live: IndexStateTable.Live, _ session: any SQLSession
    ) throws -> EventDocument? {
        let row = try session.first("SELECT version FROM \(live.tables.documents) WHERE serial = $1", serial)
        guard let version = try row?.int64(0) else { return nil }
        let key = Key(tables: live.tables, build: live.build, serial: serial, version: version)
        if let event = entries.withLock({ $0[key] }) { return event }
        guard let event = try DocumentTable(tables: live.tables).event(serial, session) else { return nil }
        entries.withLock { entries in
            if entries.count >= Self.entriesMax { entries.removeAll(keepingCapacity: true) }
            entries[key] = event
        }
        return event
    }
}
