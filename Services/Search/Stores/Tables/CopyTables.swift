/// The names of one copy's tables.
///
/// There are two sets, so that one is searched while the other is filled. A name is one of these constants and never
/// a value, so it may stand in SQL.
struct CopyTables: Sendable, Hashable {
    /// `a` or `b`.
    let slot: String

    private init(slot: String) {
        self.slot = slot
    }

    static let a = CopyTables(slot: "a")
    static let b = CopyTables(slot: "b")

    /// The tables that `slot` names; the first set for any other text, which the schema rules out.
    static func named(_ slot: String) -> CopyTables { slot == b.slot ? b : a }

    /// The other copy's.
    var other: CopyTables { self == .a ? .b : .a }

    /// What filters and orders need of each event; narrow, for a search may read one row for each match.
    var documents: String { "documents_\(slot)" }
    /// The events as they are shown.
    var cards: String { "cards_\(slot)" }
    /// Each event's prices.
    var prices: String { "prices_\(slot)" }
    /// Each pair of city and category there is.
    var groups: String { "facet_groups_\(slot)" }
    /// SQLite's full-text table.
    var texts: String { "texts_\(slot)" }
    /// Every word with the number of its events: on SQLite a view into the full-text table.
    var words: String { "words_\(slot)" }
    /// SQLite's list of every word that was ever indexed.
    var terms: String { "terms_\(slot)" }
    /// SQLite's trigrams of those words.
    var termTrigrams: String { "term_trigrams_\(slot)" }
}
