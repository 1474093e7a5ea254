import Contracts
import Foundation

/// An event as Elasticsearch keeps it: its folded words text by text, what filters need, and itself as JSON.
struct ElasticsearchDocument: Codable, Sendable {
    let id: String
    let version: Int64
    let title: String
    let artist: String
    let venue: String
    let city: String
    let category: String
    let description: String
    let cityName: String
    let categoryName: String
    let cityKey: String
    let categoryKey: String
    let eventDate: Int64
    let endsAt: Int64
    let prices: [Int64]
    let minPrice: Int64
    let isListed: Bool
    var isSoldOut: Bool
    let document: String

    init(_ event: IndexedEvent) throws {
        let words = event.words
        func text(_ words: [String]) -> String { words.joined(separator: " ") }
        id = event.id
        version = event.version
        title = text(words.title)
        artist = text(words.artist)
        venue = text(words.venue)
        city = text(words.city)
        category = text(words.category)
        description = text(words.description)
        cityName = event.city
        categoryName = event.category
        cityKey = IndexedEvent.filterKey(event.city)
        categoryKey = IndexedEvent.filterKey(event.category)
        eventDate = event.eventDate.milliseconds
        endsAt = event.endsAt.milliseconds
        prices = event.prices.map(\.thousandths)
        minPrice = event.prices.first?.thousandths ?? 0
        isListed = event.isListed
        isSoldOut = false
        document = String(decoding: try WireJSON.encoder.encode(event.document), as: UTF8.self)
    }

    /// The body of `PUT /INDEX` for an index that `alias` names as well.
    static func indexBody(alias: String) -> JSONValue {
        ["aliases": .object([alias: .object([:])]), "mappings": mappings]
    }

    /// Our words are cut at spaces and nowhere else, and nothing is mapped by guess.
    private static let mappings: JSONValue = [
        "dynamic": "strict",
        "properties": .object(
            texts.merging([
                "id": ["type": "keyword"], "version": ["type": "long"],
                "cityName": ["type": "keyword"], "categoryName": ["type": "keyword"],
                "cityKey": ["type": "keyword"], "categoryKey": ["type": "keyword"],
                "eventDate": ["type": "long"], "endsAt": ["type": "long"], "prices": ["type": "long"],
                "minPrice": ["type": "long"], "isListed": ["type": "boolean"],
                "isSoldOut": ["type": "boolean"],
                "document": ["type": "keyword", "index": false, "doc_values": false],
            ]) { first, _ in first }),
    ]

    private static let texts: [String: JSONValue] = Dictionary(
        uniqueKeysWithValues: ["title", "artist", "venue", "city", "category", "description"].map {
            ($0, ["type": "text", "analyzer": "whitespace"])
        })
}
