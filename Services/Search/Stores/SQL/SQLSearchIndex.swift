import Contracts
import DatabaseKit
import ServiceKit

/// An index in a relational database: two copies of tables, of which one is searched, and the database's full text.
struct SQLSearchIndex: SearchIndex {
    let database: any Database
    let engine: any SQLTextEngine
    let groups = FacetGroups()
    /// Some KB each, for a frequent word is in every city.
    let recentCounts = RecentAnswers<CountsKey, Counts>(entriesMax: 2048)
    let recentSuggestions = RecentAnswers<SuggestionsKey, [String]>(entriesMax: 8192)

    /// How many ended events one transaction takes out.
    static let endedMax = 200

    /// The index with the full text of the database it is in.
    init(database: any Database) {
        self.database = database
        engine = SearchMigrations.engine(database.dialect)
    }

    func apply(
        _ events: [IndexedEvent], after position: Int64, cursor: Int64, to copy: IndexCopy
    ) async throws -> Bool {
        try await database.write { session in
            let tables = try IndexStateTable.tables(of: copy, session)
            guard try IndexStateTable.advance(tables, from: position, to: cursor, session) else { return false }
            try CopyWriter(tables: tables, engine: engine).put(events, session)
            return true
        }
    }

    func cursor(of copy: IndexCopy) async throws -> Int64 {
        try await database.read { session in
            try IndexStateTable.position(of: IndexStateTable.tables(of: copy, session), session)
        }
    }

    func forgetEnded(at now: Timestamp) async throws {
        let hasEnded = try await database.read { session in
            try DocumentTable(tables: IndexStateTable.live(session).tables).hasEnded(at: now, session)
        }
        guard hasEnded else { return }
        try await database.write { session in
            let tables = try IndexStateTable.live(session).tables
            try IndexStateTable.revise(tables, session)
            try CopyWriter(tables: tables, engine: engine).forgetEnded(at: now, limit: Self.endedMax, session)
        }
    }

    func runningBuild() async throws -> Int64? {
        try await database.read { session in try IndexStateTable.runningBuild(session) }
    }

    func beginBuild() async throws -> Int64 {
        try await database.write { session in
            let (build, tables) = try IndexStateTable.beginBuild(session)
            try CopyWriter(tables: tables, engine: engine).clear(session)
            return build
        }
    }

    func promote(_ build: Int64) async throws {
        try await database.write { session in
            let old = try IndexStateTable.promote(build, session)
            try DocumentTable(tables: old.other).takeMarks(from: old, session)
            try CopyWriter(tables: old, engine: engine).clear(session)
        }
    }

    func mark(_ isSoldOut: [String: Bool]) async throws {
        try await database.write { session in
            try DocumentTable(tables: IndexStateTable.live(session).tables).mark(isSoldOut, session)
        }
    }

    func soldOut(after eventID: String, limit: Int, at now: Timestamp) async throws -> [String] {
        try await database.read { session in
            try DocumentTable(tables: IndexStateTable.live(session).tables)
                .soldOut(after: eventID, limit: limit, at: now, session)
        }
    }
}
