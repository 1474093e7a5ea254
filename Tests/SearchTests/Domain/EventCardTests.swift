import Contracts
import Foundation
import LoadKit
import ServiceKit
import Testing

@testable import search

@Suite struct EventCardTests {
    private static let documents =
        Catalogue.events
        + (0..<200).map { number in
            EventCatalogue(seed: 3).event(number).document(id: "e\(number)", from: Catalogue.now) { "e\(number)-\($0)" }
        }
        + [
            Catalogue.document(
                "awkward", title: "\"availableCapacity\":1,{}[] \\ \" / 🎸 \u{1}", artist: "<b> & \u{2028}",
                venue: "\"score\":", city: "Łódź", description: "two\nlines\tand \"highlights\":{}")
        ]

    private static func stock(_ document: EventDocument, _ left: Int) -> EventStock {
        let types = document.ticketTypes.enumerated().map { number, type in
            (type.id, TicketTypeStock(total: 100 + number, reserved: 3, sold: 97 + number - left))
        }
        return EventStock(eventId: document.id, version: 1, ticketTypes: Dictionary(uniqueKeysWithValues: types))
    }

    @Test(arguments: [12.5, 1000, 0, 0.000_001_234, -3.25])
    func `a filled card is what the general encoder writes`(score: Double) throws {
        for (number, document) in Self.documents.enumerated() {
            let stock = Self.stock(document, number)
            let card = try #require(EventCard(stored: EventCard(document).stored))
            var json: [UInt8] = []
            card.write(stock, score: score, highlights: Array(#"{"title":"<em>x</em>"}"#.utf8), to: &json)
            let hit = SearchHit(event: document.with(stock), score: score, highlights: ["title": "<em>x</em>"])
            let expected = String(decoding: try WireJSON.encoder.encode(hit), as: UTF8.self)
            #expect(String(decoding: json, as: UTF8.self) == expected)
        }
    }

    @Test func `of what inventory does not know nothing is left`() throws {
        let document = Catalogue.document("a", title: "A")
        let nothing = EventStock(eventId: "a", version: 0, ticketTypes: [:])
        var json: [UInt8] = []
        try EventCard(document).write(nothing, score: 1, highlights: Array("{}".utf8), to: &json)
        let hit = try WireJSON.decoder.decode(SearchHit.self, from: Data(json))
        #expect(hit.event == document.with(nothing))
    }

    @Test func `a card keeps the words that the event is found by`() throws {
        for document in Self.documents {
            let card = try #require(EventCard(stored: EventCard(document).stored))
            #expect(FieldWords(card.texts) == FieldWords(EventTexts(document)))
            #expect(card.id == document.id)
        }
        #expect(EventCard(stored: "") == nil)
        #expect(EventCard(stored: "{}") == nil)
    }

    @Test func `the whole reply is what the general encoder writes`() throws {
        let hits = try Self.documents.prefix(30).map { document in
            FoundEvent(
                event: try EventCard(document), stock: Self.stock(document, 5), score: 2.5,
                highlights: ["venue": "<em>a</em> \"b\"", "artist": "c"])
        }
        var facets = Facets()
        facets.add(city: "Łódź", category: "Jazz", count: 7)
        for isCurrent in [true, false] {
            let results = SearchResults(hits: hits, total: 31, facets: facets, isAvailabilityCurrent: isCurrent)
            let query = SearchQuery(text: "say \"a\"")
            let writer = SearchReplyWriter(
                query: query, page: PageRequest(page: 2, pageSize: 30), results: results)
            let reply = SearchReply(
                query: query.text, total: 31, page: 2, pageSize: 30,
                results: zip(hits, Self.documents).map { hit, document in
                    SearchHit(event: document.with(hit.stock), score: hit.score, highlights: hit.highlights)
                },
                facets: facets.document, isAvailabilityStale: isCurrent ? nil : true)
            let expected = String(decoding: try WireJSON.encoder.encode(reply), as: UTF8.self)
            let json = try writer.json()
            #expect(String(decoding: json, as: UTF8.self) == expected)
        }
    }
}
