import Contracts

/// The texts of an event that queries look into; empty where the event has none.
struct EventTexts: Sendable, Hashable {
    let title: String
    let artist: String
    let venue: String
    let city: String
    let category: String
    let description: String

    init(_ event: EventDocument) {
        self.init([
            event.title, event.artist ?? "", event.venue, event.city ?? "", event.category ?? "",
            event.description ?? "",
        ])
    }

    /// - Parameter texts: all of them, in the order of ``all``
    init(_ texts: [String]) {
        title = texts[0]
        artist = texts[1]
        venue = texts[2]
        city = texts[3]
        category = texts[4]
        description = texts[5]
    }

    /// In the order of their weight.
    var all: [String] { [title, artist, venue, city, category, description] }

    static let count = 6
}
