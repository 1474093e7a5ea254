/// Gathers texts to complete what somebody is typing, each once.
struct Suggestions {
    private let matched: [MatchedWord]
    private let limit: Int
    private(set) var texts: [String] = []
    private var seen: Set<[String]> = []

    init(_ matched: [MatchedWord], limit: Int) {
        self.matched = matched
        self.limit = limit
    }

    /// Takes what `event` has to offer: its title, artist and venue.
    mutating func offer(_ event: EventCard) {
        for text in [event.texts.title, event.texts.artist, event.texts.venue] { offer(text) }
    }

    /// Takes `text` if it has all words and was not taken before, whatever its case and accents.
    mutating func offer(_ text: String) {
        guard texts.count < limit else { return }
        let words = Words.words(in: text).map(\.folded)
        guard matched.allSatisfy({ wanted in words.contains(where: wanted.matches) }) else { return }
        if seen.insert(words).inserted { texts.append(text) }
    }
}
