/// Makes the names of people, bands and ensembles.
struct Performer: Sendable {
    let name: String

    private static let salt: UInt64 = 3

    /// The performer with this number: always the same for the same seed.
    init(_ number: Int, seed: UInt64) {
        var numbers = SeededNumbers(seed: seed, salt: Self.salt, number: number)
        switch numbers.index(below: 100) {
        case ..<42: name = Self.person(&numbers)
        case ..<70: name = Self.band(&numbers)
        case ..<94: name = Self.coined(&numbers)
        default: name = Self.ensemble(&numbers)
        }
    }

    private static func person(_ numbers: inout SeededNumbers) -> String {
        let language = numbers.pick(MusicLanguage.all)
        return "\(numbers.pick(language.givenNames)) \(numbers.pick(language.surnames))"
    }

    private static func band(_ numbers: inout SeededNumbers) -> String {
        let noun = numbers.pick(CatalogueWords.nouns)
        switch numbers.index(below: 4) {
        case 0: return "The \(numbers.pick(CatalogueWords.adjectives)) \(noun)s"
        case 1: return "\(numbers.pick(CatalogueWords.adjectives)) \(noun)"
        case 2: return "\(noun) & the \(numbers.pick(CatalogueWords.nouns))s"
        default: return "\(noun) \(numbers.pick(CatalogueWords.nouns))"
        }
    }

    /// A word that is in no dictionary: these are what makes the vocabulary of a real catalogue large.
    private static func coined(_ numbers: inout SeededNumbers) -> String {
        let word = (0..<numbers.number(in: 2...4)).map { _ in numbers.pick(CatalogueWords.syllables) }.joined()
        let name = word.prefix(1).uppercased() + word.dropFirst()
        return numbers.happens(percent: 30) ? "\(name) \(numbers.pick(CatalogueWords.nouns))" : name
    }

    private static func ensemble(_ numbers: inout SeededNumbers) -> String {
        let city = numbers.pick(City.all).name
        let form = numbers.pick([
            "* Philharmonic", "Orchestra of *", "* Chamber Choir", "* Ballet", "* Opera", "* Big Band", "Théâtre de *",
        ])
        return form.replacing("*", with: city)
    }
}
