import DatabaseKit

/// The words that a copy on PostgreSQL has with the number of their events, and which of them look like another.
struct PostgresVocabulary {
    let tables: CopyTables

    /// Low enough that two letters swapped in a word of four still leave a trigram in common.
    private static let similarity = "0.1"

    /// Counts words up and down, all of a batch at once, in their order.
    func learn(added: [Set<String>], removed: [Set<String>], _ session: any SQLSession) throws {
        var changes: [String: Int] = [:]
        for word in added.joined() { changes[word, default: 0] += 1 }
        for word in removed.joined() { changes[word, default: 0] -= 1 }
        let sorted = changes.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        guard !sorted.isEmpty else { return }
        // Words have no spaces, so a list of them is one text.
        try session.execute(
            """
            INSERT INTO \(tables.words) AS w (word, events)
            SELECT * FROM unnest(string_to_array($1, ' '), CAST(string_to_array($2, ' ') AS BIGINT[]))
            ON CONFLICT (word) DO UPDATE SET events = w.events + excluded.events
            """, sorted.map(\.key).joined(separator: " "), sorted.map { String($0.value) }.joined(separator: " "))
    }

    func corrections(of place: SearchTerms.Place, _ session: any SQLSession) throws -> [String] {
        let word = place.word
        guard let lengths = TypingMistakes.lengths(for: word), try !isFamiliar(place, session) else { return [] }
        _ = try session.query("SELECT set_config('pg_trgm.similarity_threshold', $1, true)", Self.similarity)
        let rows = try session.query(
            """
            SELECT word, events FROM \(tables.words)
            WHERE word % $1 AND events > 0 AND char_length(word) BETWEEN $2 AND $3
            ORDER BY similarity(word, $1) DESC, word LIMIT $4
            """, word, lengths.lowerBound, lengths.upperBound, TypingMistakes.candidatesMax)
        let candidates = try rows.map {
            TypingMistakes.Candidate(word: try $0.string(0), events: Int(try $0.int64(1)))
        }
        return TypingMistakes.corrections(of: word, among: candidates)
    }

    private func isFamiliar(_ place: SearchTerms.Place, _ session: any SQLSession) throws -> Bool {
        let end = place.isPrefix ? place.word + "\u{10FFFF}" : place.word
        let rows = try session.query(
            "SELECT events FROM \(tables.words) WHERE word >= $1 AND word <= $2 AND events > 0 LIMIT $3",
            place.word, end, TypingMistakes.familiarCount)
        return try rows.reduce(0) { sum, row in try sum + Int(row.int64(0)) } >= TypingMistakes.familiarCount
    }
}
