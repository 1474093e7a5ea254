import Contracts
import DatabaseKit

/// The words of a copy's events in FTS5.
struct FTS5TextTable {
    let tables: CopyTables

    private static let columns = "title, artist, venue, city, category, description"

    func add(_ words: FieldWords, _ stored: DocumentTable.Stored, _ session: any SQLSession) throws {
        try session.execute(
            "INSERT INTO \(tables.texts) (rowid, \(Self.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            parameters(words, stored))
    }

    /// FTS5 has to be told the very words it was given, for it has no copy of them.
    func remove(_ words: FieldWords, _ stored: DocumentTable.Stored, _ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO \(tables.texts) (\(tables.texts), rowid, \(Self.columns))
            VALUES ('delete', $1, $2, $3, $4, $5, $6, $7)
            """, parameters(words, stored))
    }

    private func parameters(_ words: FieldWords, _ stored: DocumentTable.Stored) -> [any SQLValueConvertible] {
        [FTS5Schema.rowID(group: stored.groupID, serial: stored.serial)]
            + words.all.map { $0.joined(separator: " ") }
    }
}
