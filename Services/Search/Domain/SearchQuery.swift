import Contracts

/// What somebody looks for, checked and cut into words.
struct SearchQuery: Sendable, Hashable {
    /// As it was typed.
    let text: String
    /// The words of ``text``, folded; the last one may be unfinished. At most ``SearchLimits/wordsMax``.
    let words: [String]
    var filter: SearchFilter
    let sort: SearchSort
    let offset: Int
    let limit: Int

    init(text: String, filter: SearchFilter = SearchFilter(), sort: SearchSort? = nil, offset: Int = 0, limit: Int = 20)
    {
        self.text = text
        words = Self.words(text)
        self.filter = filter
        self.sort = words.isEmpty && sort != .price ? .date : sort ?? .relevance
        self.offset = offset
        self.limit = limit
    }

    /// The words of a text that somebody typed, folded, as many as are looked for.
    ///
    /// A word that is longer than any that is indexed is cut where it still is: nothing has it, and engines refuse
    /// words of thousands of letters.
    static func words(_ text: String) -> [String] {
        Words.words(in: text).prefix(SearchLimits.wordsMax).map { word in
            String(String.UnicodeScalarView(word.folded.unicodeScalars.prefix(SearchLimits.wordLettersMax + 1)))
        }
    }
}

/// What results must be besides having the words.
struct SearchFilter: Sendable, Hashable {
    /// Compared without regard to case, as is the category.
    var city: String?
    var category: String?
    /// First and last moment at which the event may begin.
    var from: Timestamp?
    var to: Timestamp?
    /// Bounds of a ticket type's price; one type within them is enough.
    var minPrice: ComparablePrice?
    var maxPrice: ComparablePrice?
    /// Whether something must be left to buy.
    var onlyAvailable = false
}

/// In which order results come.
enum SearchSort: String, Sendable, CaseIterable {
    /// Best match first; without words the same as ``date``.
    case relevance
    /// Soonest first.
    case date
    /// Cheapest first.
    case price
}

/// How much one search may ask for.
enum SearchLimits {
    static let queryCharacters = 500
    static let wordsMax = 16
    /// Longer ones are no words and not indexed; an engine's limits lie above.
    static let wordLettersMax = 100
    /// The last result that can be paged to.
    static let depthMax = 10_000
    static let filterCharacters = 200
    static let suggestionsMax = 10
    static let facetValuesMax = 100
}
