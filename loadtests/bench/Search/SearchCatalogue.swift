import Contracts
import Foundation
import LoadKit

/// A catalogue of many events as its followers see it, and what people type to find something in it.
struct SearchCatalogue: Sendable {
    let count: Int
    private let catalogue = EventCatalogue(seed: 1)
    private let start = Timestamp(milliseconds: SystemClock().now().milliseconds / 86_400_000 * 86_400_000)

    private static let idPrefix = "01890000-0000-7000-"
    private static let sold = 5
    /// Of each kind of query.
    private static let queriesOfAKind = 120
    private static let cities = 40
    private static let unfinishedLetters = 6

    init(count: Int) {
        self.count = count
    }

    /// The event with a number from 0 to ``count`` - 1.
    func event(_ number: Int) -> EventDocument {
        catalogue.event(number).document(id: Self.id(of: number), from: start) { type in
            Self.id(of: number, typeNumber: type + 1)
        }
    }

    /// What an organizer would send to make it.
    func request(_ number: Int) -> CreateEventRequest { catalogue.event(number).request(from: start) }

    /// What is left of one of these events; nil for any other id.
    func stock(ofEvent id: String) -> EventStock? {
        guard id.hasPrefix(Self.idPrefix), let number = Int(id.suffix(12), radix: 16), number < count else {
            return nil
        }
        let types = catalogue.event(number).ticketTypes.enumerated().map { type, ticketType in
            (
                Self.id(of: number, typeNumber: type + 1),
                TicketTypeStock(total: ticketType.capacity, reserved: 0, sold: Self.sold)
            )
        }
        return EventStock(eventId: id, version: 1, ticketTypes: Dictionary(uniqueKeysWithValues: types))
    }

    /// A well-formed id that is always the same for the same number; 0 is the event, the others its ticket types.
    private static func id(of number: Int, typeNumber: Int = 0) -> String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return idPrefix + "8" + padded(typeNumber, 3) + "-" + padded(number, 12)
    }

    /// What people type, from words that thousands of events have to single artists; each query once.
    func queries() -> [String] {
        let events = (0..<Self.queriesOfAKind).map { event($0 * (count / Self.queriesOfAKind)) }
        var queries = ["live", "tour", "festival", "jazz", "quartet", "evening", "new year", "candlelight"]
        queries += events.compactMap(\.category) + events.prefix(Self.cities).compactMap(\.city)
        for event in events {
            let (artist, city) = (event.artist ?? "", event.city ?? "")
            queries += [artist, "\(artist) \(city)", "\(event.category ?? "") \(city)", event.venue]
            queries.append(String(artist.prefix(Self.unfinishedLetters)))
        }
        var seen: Set<String> = []
        return queries.filter { seen.insert($0).inserted }
    }

    /// What people have typed when suggestions are shown to them: three and more letters of names.
    func beginnings() -> [String] {
        let names = queries().filter { $0.count > Self.unfinishedLetters }
        return names.enumerated().map { number, name in String(name.prefix(3 + number % 5)) }
    }
}

extension String {
    /// The text as a value in a query.
    var asQueryValue: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
