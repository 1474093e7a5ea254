import Contracts

/// What the index keeps of an event: enough to find, filter and sort it. Everything else is asked for when it is shown.
struct IndexedEvent: Sendable, Hashable {
    let id: String
    let version: Int64
    let title: String
    let artist: String
    let venue: String
    let city: String
    let category: String
    let description: String
    let eventDate: Timestamp
    /// When it stops being found.
    let endsAt: Timestamp
    /// Of the ticket types that are for sale, ascending, each once.
    let prices: [ComparablePrice]
    /// Neither draft nor cancelled nor deleted.
    let isListed: Bool

    init(_ document: EventDocument) {
        id = document.id
        version = document.version
        title = document.title
        artist = document.artist ?? ""
        venue = document.venue
        city = document.city ?? ""
        category = document.category ?? ""
        description = document.description ?? ""
        eventDate = document.eventDate
        endsAt = document.endDate ?? document.eventDate
        prices = Set(document.ticketTypes.filter(\.isActive).compactMap { ComparablePrice($0.price) }).sorted()
        isListed = document.isActive
    }

    /// Every text that queries look into.
    var texts: [String] { [title, artist, venue, city, category, description] }

    /// The form of a city or category in which filters compare it.
    static func filterKey(_ text: String) -> String { text.lowercased() }
}
