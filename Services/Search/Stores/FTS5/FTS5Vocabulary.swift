import DatabaseKit

/// The words that a copy on SQLite has, and which of them look like another.
struct FTS5Vocabulary {
    let tables: CopyTables

    func add(_ words: Set<String>, _ session: any SQLSession) throws {
        for word in words where TypingMistakes.lengths.contains(word.unicodeScalars.count) {
            let added = try session.first(
                "INSERT INTO \(tables.terms) (term) VALUES ($1) ON CONFLICT (term) DO NOTHING RETURNING id", word)
            guard let id = try added?.int64(0) else { continue }
            try session.execute(
                "INSERT INTO \(tables.termTrigrams) (rowid, term) VALUES ($1, $2)", id, Self.padded(word))
        }
    }

    /// The words that `place` may have been meant to be; empty when it is familiar as it is.
    func corrections(of place: SearchTerms.Place, _ session: any SQLSession) throws -> [String] {
        let word = place.word
        guard let lengths = TypingMistakes.lengths(for: word), try !isFamiliar(place, session) else { return [] }
        let rows = try session.query(
            """
            SELECT t.term FROM \(tables.termTrigrams) JOIN \(tables.terms) t ON t.id = \(tables.termTrigrams).rowid
            WHERE \(tables.termTrigrams) MATCH $1 AND length(t.term) BETWEEN $2 AND $3
            ORDER BY bm25(\(tables.termTrigrams)) LIMIT $4
            """,
            Self.trigrams(Self.padded(word)).map(FTS5Expression.quote).joined(separator: " OR "), lengths.lowerBound,
            lengths.upperBound, TypingMistakes.candidatesMax)
        let near = try rows.map { try $0.string(0) }.filter {
            EditDistance.distance(word, $0, limit: EditDistance.forgiven(length: word.unicodeScalars.count)) != nil
        }
        let candidates = try near.map { TypingMistakes.Candidate(word: $0, events: try eventCount(of: $0, session)) }
        return TypingMistakes.corrections(of: word, among: candidates)
    }

    private func isFamiliar(_ place: SearchTerms.Place, _ session: any SQLSession) throws -> Bool {
        guard place.isPrefix else { return try eventCount(of: place.word, session) >= TypingMistakes.familiarCount }
        let counts = try session.query(
            "SELECT doc FROM \(tables.words) WHERE term >= $1 AND term < $2 LIMIT $3",
            place.word, place.word + "\u{10FFFF}", TypingMistakes.familiarCount)
        return try counts.reduce(0) { sum, row in try sum + row.int(0) } >= TypingMistakes.familiarCount
    }

    /// How many events have `word` now; words stay among the terms when their last event goes.
    private func eventCount(of word: String, _ session: any SQLSession) throws -> Int {
        try session.first("SELECT doc FROM \(tables.words) WHERE term = $1", word)?.int(0) ?? 0
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
}
