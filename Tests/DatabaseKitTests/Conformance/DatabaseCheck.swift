import DatabaseKit
import Testing

/// One behaviour that every driver of ``Database`` owes, checked on a new and empty database.
///
/// A driver's suite runs ``all`` with its own way to open a database; nothing here knows which driver that is.
struct DatabaseCheck: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (any Database) async throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (any Database) async throws -> Void) {
        self.name = name
        self.run = run
    }

    var testDescription: String { name }

    static let all = sql + constraints + units + announcements + migrations

    /// Makes the table most checks use.
    static func makeItems(_ database: any Database) async throws {
        try await database.migrate([
            Migration(number: 1, name: "items") { dialect in
                [
                    """
                    CREATE TABLE items (
                        id TEXT NOT NULL PRIMARY KEY,
                        amount BIGINT NOT NULL CONSTRAINT amount_positive CHECK (amount >= 0),
                        note TEXT
                    ) \(dialect.keyOrdered)
                    """
                ]
            }
        ])
    }

    /// Inserts an item.
    static func insert(_ session: any SQLSession, _ id: String, _ amount: Int) throws {
        try session.execute("INSERT INTO items (id, amount) VALUES ($1, $2)", id, amount)
    }

    /// The ids stored, in order.
    static func ids(_ database: any Database) async throws -> [String] {
        try await database.read { try $0.query("SELECT id FROM items ORDER BY id").map { try $0.string(0) } }
    }
}
