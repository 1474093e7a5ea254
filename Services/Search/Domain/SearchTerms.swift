/// The words of a query, each with what may stand for it: what an engine makes its own expression of.
struct SearchTerms: Sendable, Hashable {
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

    /// The words as they were typed, between spaces.
    var phrase: String { places.map(\.word).joined(separator: " ") }

    /// What stands for the words in what is found.
    var matched: [MatchedWord] {
        places.flatMap { place in
            [MatchedWord(folded: place.word, isPrefix: place.isPrefix)]
                + place.corrections.map { MatchedWord(folded: $0, isPrefix: false) }
        }
    }

    /// The same with what `correct` finds for each place; nil when it finds nothing.
    func corrected(_ correct: (Place) throws -> [String]) rethrows -> SearchTerms? {
        var terms = self
        for index in terms.places.indices { terms.places[index].corrections = try correct(terms.places[index]) }
        return terms == self ? nil : terms
    }
}
