import Contracts
import DatabaseKit

/// How far the change feed has been told to the stream.
struct RelayStore: Sendable {
    let database: any Database

    /// Changes that the stream was not told of, and the place in the feed that they follow.
    struct Outstanding: Sendable {
        let after: Int64
        let marks: [EventChangeMark]
    }

    /// Up to `limit` changes, oldest first; of an event that changed several times, the latest.
    func outstanding(limit: Int) async throws -> Outstanding {
        try await database.read { session in
            let after = try session.first("SELECT sequence FROM relay_cursor WHERE id = 1")?.int64(0) ?? 0
            return Outstanding(
                after: after, marks: try EventStore.marks(after: after, limit: limit, session))
        }
    }

    /// Everything up to the end of `told` is told; nothing happens when another replica noted it before.
    func record(_ told: Outstanding) async throws {
        guard let last = told.marks.last else { return }
        try await database.write { session in
            _ = try session.execute(
                "UPDATE relay_cursor SET sequence = $1 WHERE id = 1 AND sequence = $2", last.sequence, told.after)
        }
    }
}
