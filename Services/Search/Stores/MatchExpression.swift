/// The words of a query as an expression of FTS5.
///
/// Words reach FTS5 only as quoted strings, so nothing a person types is ever an operator.
struct MatchExpression: Sendable, Hashable {
    /// What may stand for one word of the query.
    struct Place: Sendable, Hashable {
        let word: String
        /// The word may be unfinished.
        let isPrefix: Bool
        /// Words it was perhaps meant to be.
        var corrections: [String] = []
    }

    var places: [Place]

    /// The words in their order, the last as a beginning.
    init(words: [String]) {
        places = words.enumerated().map { index, word in Place(word: word, isPrefix: index == words.count - 1) }
    }

    /// All places must be filled, in any order and any column.
    ///
    /// The whole words next to each other are one more alternative: it finds nothing else, but what has them ranks
    /// higher. For the same reason an unfinished word is also asked for as a whole one.
    var text: String {
        let all = places.map { place in
            var alternatives = [Self.quote(place.word)]
            if place.isPrefix { alternatives.append(Self.quote(place.word) + " *") }
            alternatives += place.corrections.map(Self.quote)
            return "(" + alternatives.joined(separator: " OR ") + ")"
        }.joined(separator: " AND ")
        guard places.count > 1 else { return all }
        return "(\(all)) OR \(Self.quote(places.map(\.word).joined(separator: " ")))"
    }

    /// What stands for the words in what is found.
    var matched: [MatchedWord] {
        places.flatMap { place in
            [MatchedWord(folded: place.word, isPrefix: place.isPrefix)]
                + place.corrections.map { MatchedWord(folded: $0, isPrefix: false) }
        }
    }

    /// `text` as a string of FTS5: between quotes, its own quotes doubled.
    static func quote(_ text: String) -> String {
        "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
