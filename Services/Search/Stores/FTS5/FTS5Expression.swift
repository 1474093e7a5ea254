/// The words of a query as an expression of FTS5.
///
/// Words reach FTS5 only as quoted strings, so nothing a person types is ever an operator.
enum FTS5Expression {
    /// All places must be filled, in any order and any column.
    ///
    /// The whole words next to each other are one more alternative: it finds nothing else, but what has them ranks
    /// higher. For the same reason an unfinished word is also asked for as a whole one.
    static func text(_ terms: SearchTerms) -> String {
        let all = terms.places.map { place in
            var alternatives = [quote(place.word)]
            if place.isPrefix { alternatives.append(quote(place.word) + " *") }
            alternatives += place.corrections.map(quote)
            return "(" + alternatives.joined(separator: " OR ") + ")"
        }.joined(separator: " AND ")
        guard terms.places.count > 1 else { return all }
        return "(\(all)) OR \(quote(terms.phrase))"
    }

    /// `text` as a string of FTS5: between quotes, its own quotes doubled.
    static func quote(_ text: String) -> String {
        "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
