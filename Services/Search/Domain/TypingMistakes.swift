/// Decides which of an index's words somebody may have meant; engines supply the words.
enum TypingMistakes {
    /// A word of the index and how many events have it.
    struct Candidate: Sendable, Hashable {
        let word: String
        let events: Int
    }

    /// Words of other lengths are never corrected to.
    static let lengths = 3...40
    /// How many look-alikes an engine may offer for a word.
    static let candidatesMax = 200
    /// From this many events on, a word counts as rightly spelled.
    static let familiarCount = 3
    private static let correctionsMax = 4

    /// How long the words may be that `word` was perhaps meant to be; nil for a word that is too short or has digits,
    /// whose neighbours are other words.
    static func lengths(for word: String) -> ClosedRange<Int>? {
        let length = word.unicodeScalars.count
        let forgiven = EditDistance.forgiven(length: length)
        guard forgiven > 0, length <= lengths.upperBound, !word.unicodeScalars.contains(where: isDigit) else {
            return nil
        }
        return max(lengths.lowerBound, length - forgiven)...min(lengths.upperBound, length + forgiven)
    }

    /// Of `candidates` the nearest to `word`, of those the most frequent first.
    static func corrections(of word: String, among candidates: [Candidate]) -> [String] {
        let forgiven = EditDistance.forgiven(length: word.unicodeScalars.count)
        var found: [(candidate: Candidate, distance: Int)] = []
        for candidate in candidates where candidate.word != word && candidate.events > 0 {
            guard let distance = EditDistance.distance(word, candidate.word, limit: forgiven) else { continue }
            found.append((candidate, distance))
        }
        guard let nearest = found.map(\.distance).min() else { return [] }
        return found.filter { $0.distance == nearest }.map(\.candidate)
            .sorted { ($1.events, $0.word) < ($0.events, $1.word) }
            .prefix(correctionsMax).map(\.word)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }
}
