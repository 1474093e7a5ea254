/// How large an event may be.
enum EventLimits {
    static let titleCharacters = 200
    static let artistCharacters = 200
    static let descriptionCharacters = 1000
    static let venueCharacters = 200
    static let addressCharacters = 500
    static let cityCharacters = 100
    static let categoryCharacters = 100
    static let typeNameCharacters = 100
    static let typeDescriptionCharacters = 500
    static let ticketTypes = 1...50
    /// In UTF-8, of all texts of an event together: a hundred events stay below the largest reply that services take
    /// from each other, even if every letter had to be escaped.
    static let textBytesMax = 64 * 1024
    static let generalCapacity = 1...1_000_000
    static let sectionNameCharacters = 20
    static let sectionsMax = 1000
    static let rows = 1...1000
    static let seatsPerRow = 1...1000
    static let seatsMax = 200_000
    static let filterCharacters = 200
    static let maxPerOrder = 1...100
    static let maxPerOrderDefault = 10
    /// More than anybody reads; the rest of a hopeless request is not listed.
    static let errorsMax = 100
}
