import Contracts
import Foundation

/// An event as results show it: written when it is indexed, so that a search does not have to write it again.
///
/// What nobody knows before somebody looks is left open: what is left to buy, the score, where the words stand. The
/// rest is byte for byte what the general encoder writes.
struct EventCard: Sendable, Hashable {
    let id: String
    let texts: EventTexts
    /// In the order of the event's ticket types.
    let ticketTypeIDs: [String]
    /// The event as JSON with openings in it.
    private let template: Substring

    /// Between the parts of a stored card: no text that people read has it, nor has JSON.
    private static let separator: Character = "\u{1F}"
    private static let partsBeforeTemplate = 2 + EventTexts.count

    init(_ document: EventDocument) throws {
        id = document.id
        texts = EventTexts(document)
        ticketTypeIDs = document.ticketTypes.map(\.id)
        let json = try WireJSON.encoder.encode(SearchHit(event: document, score: 0, highlights: [:]))
        template = Substring(String(decoding: CardTemplate.make(Array(json)), as: UTF8.self))
    }

    /// Reads what ``stored`` wrote; nil for anything else.
    init?(stored: String) {
        let parts = stored.split(
            separator: Self.separator, maxSplits: Self.partsBeforeTemplate, omittingEmptySubsequences: false)
        guard parts.count == Self.partsBeforeTemplate + 1 else { return nil }
        id = String(parts[0])
        ticketTypeIDs = parts[1].split(separator: ",").map(String.init)
        texts = EventTexts(parts[2..<Self.partsBeforeTemplate].map(String.init))
        template = parts[Self.partsBeforeTemplate]
    }

    /// The card as a database keeps it.
    var stored: String {
        ([id, ticketTypeIDs.joined(separator: ",")] + texts.all.map(Self.withoutControls) + [String(template)])
            .joined(separator: String(Self.separator))
    }

    /// Appends the event as JSON with its openings filled.
    func write(_ stock: EventStock, score: Double, highlights: [UInt8], to bytes: inout [UInt8]) {
        let counters = ticketTypeIDs.map {
            stock.ticketTypes[$0] ?? TicketTypeStock(total: 0, reserved: 0, sold: 0)
        }
        CardTemplate.fill(
            template, CardTemplate.Filling(counters: counters, score: score, highlights: highlights), to: &bytes)
    }

    /// Neither a separator nor what no database takes; a space in its place divides words as it does.
    private static func withoutControls(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }
}
