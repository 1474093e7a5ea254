import Contracts
import DatabaseKit
import ServiceKit

/// Changes one copy of the index.
struct CopyWriter {
    let tables: CopyTables
    let engine: any SQLTextEngine

    /// Stores events, each unless it is there in this or a later version.
    func put(_ events: [IndexedEvent], _ session: any SQLSession) throws {
        let documents = DocumentTable(tables: tables)
        var (added, removed): ([Set<String>], [Set<String>]) = ([], [])
        for event in events {
            let old = try documents.stored(event.id, session)
            if let old {
                guard old.version < event.version else { continue }
                if old.isListed, let words = try forget(old, session) { removed.append(words) }
            }
            let stored = try documents.put(event, session)
            guard event.isListed else { continue }
            let words = event.words
            try engine.add(words, stored, tables, session)
            added.append(words.distinct)
        }
        try engine.learn(added: added, removed: removed, tables, session)
    }

    /// Takes out the events that were over first, up to `limit`.
    func forgetEnded(at now: Timestamp, limit: Int, _ session: any SQLSession) throws {
        let documents = DocumentTable(tables: tables)
        var removed: [Set<String>] = []
        for ended in try documents.ended(at: now, limit: limit, session) {
            if let words = try forget(ended, session) { removed.append(words) }
            try documents.unlist(ended.serial, session)
        }
        try engine.learn(added: [], removed: removed, tables, session)
    }

    /// Empties the copy.
    func clear(_ session: any SQLSession) throws {
        for statement in Self.clearing(tables, engine) { try session.execute(statement) }
    }

    /// The statements that empty a copy.
    static func clearing(_ tables: CopyTables, _ engine: any SQLTextEngine) -> [String] {
        engine.clearing(tables)
            + [tables.prices, tables.cards, tables.documents, tables.groups].map { "DELETE FROM \($0)" }
    }

    /// The words that the event was found by until now.
    private func forget(_ stored: DocumentTable.Stored, _ session: any SQLSession) throws -> Set<String>? {
        let cards = try DocumentTable(tables: tables).cards([stored.serial], session)
        guard let event = cards[stored.serial] else { return nil }
        let words = FieldWords(event.texts)
        try engine.remove(words, stored, tables, session)
        return words.distinct
    }
}
