import Contracts
import DatabaseKit
import Foundation
import TestSupport

/// The events of a catalogue as finished documents in one table: the least that reading them can cost on SQLite.
final class RawRows: Sendable {
    private let folder: TemporaryDirectory
    private let database: SQLiteDatabase
    private let ids: Rotation<String>

    private static let eventsPerCommit = 2000
    private static let pageSize = 20
    private static let pages = 500

    private static let schema = Migration(number: 1, name: "events") { _ in
        [
            """
            CREATE TABLE events (
                id TEXT NOT NULL PRIMARY KEY, event_date BIGINT NOT NULL, document TEXT NOT NULL, left BIGINT NOT NULL
            ) WITHOUT ROWID
            """,
            "CREATE INDEX events_by_date ON events (event_date, id)",
        ]
    }

    init(_ catalogue: SearchCatalogue) async throws {
        folder = try TemporaryDirectory("raw-rows")
        database = try SQLiteDatabase(path: folder.file("raw.sqlite"))
        try await database.migrate([Self.schema])
        var ids: [String] = []
        for start in stride(from: 0, to: catalogue.count, by: Self.eventsPerCommit) {
            ids += try await database.write { session in
                try (start..<min(start + Self.eventsPerCommit, catalogue.count)).map { number in
                    let event = catalogue.event(number)
                    try session.execute(
                        "INSERT INTO events (id, event_date, document, left) VALUES ($1, $2, $3, $4)", event.id,
                        event.eventDate.milliseconds,
                        String(decoding: try WireJSON.encoder.encode(event), as: UTF8.self), event.availableCapacity)
                    return event.id
                }
            }
        }
        self.ids = Rotation(ids)
    }

    /// Reads one page after the other, and how many events there are, in each of many tasks.
    func list(_ options: RunOptions) async throws -> Sample {
        let pages = Rotation(Array(0..<Self.pages))
        return try await TaskLoad.measure(tasks: LoadGenerator.connections, options) { [self] _ in
            let offset = pages.next() * Self.pageSize
            _ = try await database.read { session in
                _ = try session.query("SELECT COUNT(*) FROM events WHERE event_date > $1", 0)
                return try session.query(
                    "SELECT document FROM events WHERE event_date > $1 ORDER BY event_date, id LIMIT $2 OFFSET $3", 0,
                    Self.pageSize, offset)
            }
        }
    }

    /// Reads one counter after the other in each of many tasks.
    func availability(_ options: RunOptions) async throws -> Sample {
        try await TaskLoad.measure(tasks: LoadGenerator.connections, options) { [self] _ in
            let id = ids.next()
            _ = try await database.read { try $0.query("SELECT left FROM events WHERE id = $1", id) }
        }
    }

    func close() async { await database.close() }
}
