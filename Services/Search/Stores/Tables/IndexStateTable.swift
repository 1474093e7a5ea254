import DatabaseKit

/// Which copy is live, up to where each has followed the feed, and which build is running.
enum IndexStateTable {
    /// The statements that make it.
    static let schema = [
        """
        CREATE TABLE index_state (
            id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
            live TEXT NOT NULL CHECK (live IN ('a', 'b')),
            last_build BIGINT NOT NULL,
            is_building BIGINT NOT NULL CHECK (is_building IN (0, 1))
        )
        """,
        "INSERT INTO index_state (id, live, last_build, is_building) VALUES (1, 'a', 0, 0)",
        "CREATE TABLE index_copies (slot TEXT NOT NULL PRIMARY KEY, feed_position BIGINT NOT NULL)",
        "INSERT INTO index_copies (slot, feed_position) VALUES ('a', 0), ('b', 0)",
    ]

    /// What a search has to know of the live copy, from its own snapshot.
    struct Live: Sendable, Hashable {
        let tables: CopyTables
        /// How many builds there have been; a copy's rows never outlive it.
        let build: Int64
        /// Rises with everything that changes what is found: while it stands still, so do answers.
        let revision: Int64
    }

    static func live(_ session: any SQLSession) throws -> Live {
        let row = try session.first(
            """
            SELECT s.live, s.last_build, c.revision FROM index_state s JOIN index_copies c ON c.slot = s.live
            WHERE s.id = 1
            """)
        guard let row else { return Live(tables: .a, build: 0, revision: 0) }
        return Live(tables: .named(try row.string(0)), build: try row.int64(1), revision: try row.int64(2))
    }

    /// The tables of `copy`; throws ``SearchError/buildSuperseded`` for a build that is not running.
    static func tables(of copy: IndexCopy, _ session: any SQLSession) throws -> CopyTables {
        let live = try live(session).tables
        switch copy {
        case .live: return live
        case .next(let build):
            guard try runningBuild(session) == build else { throw SearchError.buildSuperseded }
            return live.other
        }
    }

    static func runningBuild(_ session: any SQLSession) throws -> Int64? {
        try session.first("SELECT last_build FROM index_state WHERE id = 1 AND is_building = 1")?.int64(0)
    }

    static func position(of tables: CopyTables, _ session: any SQLSession) throws -> Int64 {
        try session.first("SELECT feed_position FROM index_copies WHERE slot = $1", tables.slot)?.int64(0) ?? 0
    }

    /// Moves the copy's position forward, never back; whoever changes the copy does this first and so waits for others.
    ///
    /// False, and nothing is changed, when the copy has not come as far as `start`.
    static func advance(
        _ tables: CopyTables, from start: Int64, to position: Int64, _ session: any SQLSession
    ) throws -> Bool {
        let advanced = try session.execute(
            """
            UPDATE index_copies SET feed_position = CASE WHEN feed_position < $1 THEN $1 ELSE feed_position END,
                revision = revision + 1
            WHERE slot = $2 AND feed_position >= $3
            """, position, tables.slot, start)
        return advanced == 1
    }

    /// Notes that what is found in the copy changes without the feed.
    static func revise(_ tables: CopyTables, _ session: any SQLSession) throws {
        try session.execute("UPDATE index_copies SET revision = revision + 1 WHERE slot = $1", tables.slot)
    }

    /// Begins a build; returns its number and the tables that are to be emptied for it.
    static func beginBuild(_ session: any SQLSession) throws -> (build: Int64, tables: CopyTables) {
        try session.execute("UPDATE index_state SET last_build = last_build + 1, is_building = 1 WHERE id = 1")
        let live = try live(session)
        try session.execute("UPDATE index_copies SET feed_position = 0 WHERE slot = $1", live.tables.other.slot)
        return (live.build, live.tables.other)
    }

    /// Makes the next copy the live one; returns the tables that were live.
    static func promote(_ build: Int64, _ session: any SQLSession) throws -> CopyTables {
        let promoted = try session.execute(
            """
            UPDATE index_state SET live = CASE live WHEN 'a' THEN 'b' ELSE 'a' END, is_building = 0
            WHERE id = 1 AND is_building = 1 AND last_build = $1
            """, build)
        guard promoted == 1 else { throw SearchError.buildSuperseded }
        return try live(session).tables.other
    }
}
