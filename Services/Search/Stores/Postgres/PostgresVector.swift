/// Words as PostgreSQL's `tsvector` and `tsquery` are written.
///
/// A word stands between quotes, its own quotes and backslashes doubled, so nothing a person types is ever an operator.
enum PostgresVector {
    /// Beyond it the server counts no positions.
    private static let positionMax = 16_383
    /// Positions between two texts, so that no phrase reaches from one into the next.
    private static let gap = 10

    /// All words of an event: the title weighs A, the artist B, places and category C, the description D.
    static func texts(_ words: FieldWords) -> String {
        vector([
            (words.title, "A"), (words.artist, "B"), (words.venue, "C"), (words.city, "C"), (words.category, "C"),
            (words.description, "D"),
        ])
    }

    /// The words that are suggested.
    static func names(_ words: FieldWords) -> String {
        vector([(words.title, "A"), (words.artist, "B"), (words.venue, "C")])
    }

    /// All places must be filled, in any order.
    static func query(_ terms: SearchTerms) -> String {
        terms.places.map { place in
            var alternatives = [quote(place.word)]
            if place.isPrefix { alternatives.append(quote(place.word) + ":*") }
            alternatives += place.corrections.map(quote)
            return "(" + alternatives.joined(separator: " | ") + ")"
        }.joined(separator: " & ")
    }

    /// The words next to each other as they were typed, the last perhaps unfinished.
    static func phrase(_ terms: SearchTerms) -> String {
        terms.places.map { quote($0.word) + ($0.isPrefix ? ":*" : "") }.joined(separator: " <-> ")
    }

    private static func vector(_ texts: [(words: [String], weight: String)]) -> String {
        var lexemes: [String] = []
        var position = 1
        for (words, weight) in texts {
            for word in words where position <= positionMax {
                lexemes.append("\(quote(word)):\(position)\(weight)")
                position += 1
            }
            position += gap
        }
        return lexemes.joined(separator: " ")
    }

    private static func quote(_ word: String) -> String {
        "'" + word.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}
