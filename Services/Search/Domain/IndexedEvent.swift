import Contracts

/// What the index keeps of an event: its document, and what is needed to find, filter and sort it.
struct IndexedEvent: Sendable, Hashable {
    /// As the change feed told it.
    let document: EventDocument
    let city: String
    let category: String
    /// When it stops being found.
    let endsAt: Timestamp
    /// Of the ticket types that are for sale, ascending, each once.
    let prices: [ComparablePrice]

    init(_ document: EventDocument) {
        self.document = document
        city = document.city ?? ""
        category = document.category ?? ""
        endsAt = document.endDate ?? document.eventDate
        prices = Set(document.ticketTypes.filter(\.isActive).compactMap { ComparablePrice($0.price) }).sorted()
    }

    var id: String { document.id }
    var version: Int64 { document.version }
    var eventDate: Timestamp { document.eventDate }
    /// Neither draft nor cancelled nor deleted.
    var isListed: Bool { document.isActive }

    /// The words of each text that queries look into.
    ///
    /// A pure function of the document: engines that have to be told what they are to forget ask again.
    var words: FieldWords { FieldWords(EventTexts(document)) }

    /// The form of a city or category in which filters compare it.
    static func filterKey(_ text: String) -> String {
        let words = Words.words(in: text).map(\.folded)
        return words.isEmpty ? text.lowercased() : words.joined(separator: " ")
    }
}

/// The folded words of an event, text by text, in their order.
struct FieldWords: Sendable, Hashable {
    let title: [String]
    let artist: [String]
    let venue: [String]
    let city: [String]
    let category: [String]
    let description: [String]

    init(_ texts: EventTexts) {
        title = Self.words(texts.title)
        artist = Self.words(texts.artist)
        venue = Self.words(texts.venue)
        city = Self.words(texts.city)
        category = Self.words(texts.category)
        description = Self.words(texts.description)
    }

    /// The texts in the order of their weight.
    var all: [[String]] { [title, artist, venue, city, category, description] }

    /// Each word once.
    var distinct: Set<String> { Set(all.joined()) }

    private static func words(_ text: String) -> [String] {
        Words.words(in: text).map(\.folded).filter { $0.unicodeScalars.count <= SearchLimits.wordLettersMax }
    }
}
