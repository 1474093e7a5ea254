import Contracts
import DatabaseKit

/// What a database's full text does for an index: the part in which SQLite and PostgreSQL differ.
protocol SQLTextEngine: Sendable {
    /// The statements that make a copy's tables, after those of ``DocumentTable``.
    func schema(_ tables: CopyTables) -> [String]

    /// Makes a stored event be found by its words.
    func add(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession) throws

    /// Makes a stored event, which has these words, not be found any more.
    func remove(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession) throws

    /// Tells the vocabulary the words of each event that was added, and of each that was removed.
    func learn(
        added: [Set<String>], removed: [Set<String>], _ tables: CopyTables, _ session: any SQLSession) throws

    /// The statements that forget all words.
    func clearing(_ tables: CopyTables) -> [String]

    /// The words that `place` may have been meant to be; empty when it is familiar as it is.
    func corrections(
        of place: SearchTerms.Place, _ tables: CopyTables, _ session: any SQLSession
    ) throws -> [String]

    /// What is looked up: words under a filter, or without any all events under it.
    func lookup(
        _ terms: SearchTerms?, _ filter: SearchFilter, live: IndexStateTable.Live, at now: Timestamp,
        _ session: any SQLSession
    ) throws -> any SQLLookup

    /// The serial numbers of events that have `terms` in their titles, artists and venues, best first.
    func suggestions(
        _ terms: SearchTerms, limit: Int, _ tables: CopyTables, at now: Timestamp, _ session: any SQLSession
    ) throws -> [Int64]
}

/// Something that is looked up in one copy.
protocol SQLLookup {
    var live: IndexStateTable.Live { get }
    var terms: SearchTerms? { get }
    /// Under which its totals may be remembered; nil when more than the copy's state decides what is found.
    var countsKey: RecentCounts.Key? { get }

    /// The matches' facet groups with their counts.
    func groupCounts(_ session: any SQLSession) throws -> [(group: Int64, count: Int)]

    /// The serial numbers of the first few matches.
    func serials(limit: Int, _ session: any SQLSession) throws -> [Int64]

    /// A page of matches; those of `preferred` come first when ranked.
    func page(
        _ query: SearchQuery, preferring preferred: [Int64], _ session: any SQLSession
    ) throws -> [SQLMatch]
}

/// A document that a lookup found.
struct SQLMatch {
    let serial: Int64
    /// Its facet group.
    let group: Int64
    let score: Double

    /// From a row of these columns.
    init(_ row: SQLRow) throws {
        serial = try row.int64(0)
        group = try row.int64(1)
        score = try row.double(2)
    }
}

extension SQLLookup {
    /// What right spelling adds to a score; more than any ranking gives.
    static var exactBonus: Double { 1000 }
}
