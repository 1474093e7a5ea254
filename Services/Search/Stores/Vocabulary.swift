import DatabaseKit

/// The words that the index has, and which of them a mistyped word may have been meant to be.
enum Vocabulary {
    /// Words of other lengths are never corrected to.
    private static let lengths = 3...40
    /// How many look-alikes are measured letter by letter.
    private static let candidatesMax = 200
    private static let correctionsMax = 4
    /// From this many events on, a word counts as rightly spelled.
    private static let familiarCount = 3

    static func add(_ texts: [String], _ session: any SQLSession) throws {
        let words = Set(texts.flatMap { Words.words(in: $0).map(\.folded) })
        for word in words where lengths.contains(word.unicodeScalars.count) {
            let added = try session.query(
                "INSERT INTO terms (term) VALUES ($1) ON CONFLICT (term) DO NOTHING RETURNING id", word)
            guard let id = try added.first?.int64(0) else { continue }
            try session.execute("INSERT INTO term_trigrams (rowid, term) VALUES ($1, $2)", id, padded(word))
        }
    }

    static func clear(_ session: any SQLSession) throws {
        try session.execute("INSERT INTO term_trigrams (term_trigrams) VALUES ('delete-all')")
        try session.execute("DELETE FROM terms")
    }

    /// The words that `place` may have been meant to be, the nearest and of those the most frequent first; empty for
    /// words that are too short, have digits or are familiar as they are.
    static func corrections(of place: MatchExpression.Place, _ session: any SQLSession) throws -> [String] {
        let word = place.word
        let length = word.unicodeScalars.count
        let forgiven = EditDistance.forgiven(length: length)
        guard forgiven > 0, length <= lengths.upperBound, !word.unicodeScalars.contains(where: isDigit),
            try !isFamiliar(place, session)
        else { return [] }
        let rows = try session.query(
            """
            SELECT terms.term FROM term_trigrams JOIN terms ON terms.id = term_trigrams.rowid
            WHERE term_trigrams MATCH $1 AND length(terms.term) BETWEEN $2 AND $3
            ORDER BY bm25(term_trigrams) LIMIT $4
            """,
            trigrams(padded(word)).map(MatchExpression.quote).joined(separator: " OR "), length - forgiven,
            length + forgiven, candidatesMax)
        var found: [(term: String, distance: Int, count: Int64)] = []
        for row in rows {
            let term = try row.string(0)
            guard term != word, let distance = EditDistance.distance(word, term, limit: forgiven) else { continue }
            let count = try eventCount(of: term, session)
            if count > 0 { found.append((term, distance, count)) }
        }
        guard let nearest = found.map(\.distance).min() else { return [] }
        return found.filter { $0.distance == nearest }.sorted { ($1.count, $0.term) < ($0.count, $1.term) }
            .prefix(correctionsMax).map(\.term)
    }

    private static func isFamiliar(_ place: MatchExpression.Place, _ session: any SQLSession) throws -> Bool {
        guard place.isPrefix else { return try eventCount(of: place.word, session) >= familiarCount }
        let counts = try session.query(
            "SELECT doc FROM event_words WHERE term >= $1 AND term < $2 LIMIT $3",
            place.word, place.word + "\u{10FFFF}", familiarCount)
        return try counts.reduce(0) { sum, row in try sum + row.int(0) } >= familiarCount
    }

    /// How many events have `term` now; words stay in the vocabulary when their last event goes.
    private static func eventCount(of term: String, _ session: any SQLSession) throws -> Int64 {
        try session.query("SELECT doc FROM event_words WHERE term = $1", term).first?.int64(0) ?? 0
    }

    /// The word between marks that stand for its beginning and end: with them a mistake in a word of four letters
    /// leaves trigrams untouched.
    private static func padded(_ word: String) -> String { "^^\(word)$$" }

    private static func trigrams(_ text: String) -> Set<String> {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 3 else { return [] }
        return Set(
            (0...(scalars.count - 3)).map { start in
                var trigram = String.UnicodeScalarView()
                trigram.append(contentsOf: scalars[start..<start + 3])
                return String(trigram)
            })
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }
}
