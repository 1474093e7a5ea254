import Contracts
import LoadKit
import Testing

@Suite struct EventCatalogueTests {
    private static let catalogue = EventCatalogue(seed: 1)
    private static let events = (0..<3000).map(catalogue.event)

    @Test func `an event depends on the seed and its number alone`() {
        #expect(EventCatalogue(seed: 1).event(1234) == Self.events[1234])
        #expect((0..<100).map(EventCatalogue(seed: 2).event) != Array(Self.events.prefix(100)))
    }

    @Test func `the catalogue is still the one that it was`() {
        // Whoever changes words or draws gives every seed another catalogue: run with an old one, seeding adds to it.
        let first = Self.events[0]
        #expect([first.title, first.venue, first.city].compactMap { $0 } == Self.firstEvent)
    }

    private static let firstEvent = ["An Evening with Sacred Violet", "The Palace Playhouse", "Nashville"]

    @Test func `numbers are spread over their range`() {
        var numbers = SeededNumbers(seed: 7)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { counts[numbers.index(below: 10)] += 1 }
        #expect(counts.allSatisfy { (800...1200).contains($0) })
        var popular = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { popular[numbers.popularIndex(below: 10)] += 1 }
        #expect(popular[0] > 5 * popular[9])
        #expect((0..<1000).allSatisfy { _ in (3...5).contains(numbers.number(in: 3...5)) })
    }

    @Test func `every event keeps the limits of the contract`() throws {
        for event in Self.events {
            #expect((1...200).contains(event.title.unicodeScalars.count), "\(event.title)")
            #expect((event.description ?? "").unicodeScalars.count <= 1000)
            #expect((1...50).contains(event.ticketTypes.count))
            #expect(Set(event.ticketTypes.map(\.name)).count == event.ticketTypes.count)
            let sections = event.ticketTypes.flatMap(\.sections)
            #expect(Set(sections.map(\.name)).count == sections.count)
            #expect(sections.allSatisfy { $0.name.utf8.allSatisfy(Self.mayNameSection) && $0.name.count <= 20 })
            #expect(event.ticketTypes.allSatisfy { $0.capacity > 0 && $0.price.minorUnits > 0 })
            #expect(Set(event.ticketTypes.map(\.price.currency)).count == 1)
            #expect(event.ticketTypes.allSatisfy { $0.price.amount.minorUnits(of: $0.price.currency) != nil })
            #expect(event.beginsAfter >= .seconds(3 * 86_400))
            for type in event.ticketTypes where !type.sections.isEmpty {
                #expect(type.sections.reduce(0) { $0 + $1.rows * $1.seatsPerRow } == type.capacity)
            }
        }
    }

    @Test func `it has what catalogues have: many cities, halls with seats and without, accents, namesakes`() {
        #expect(Set(Self.events.compactMap(\.city)).count > 40)
        #expect(Set(Self.events.compactMap(\.category)).count >= 12)
        #expect(Set(Self.events.flatMap { $0.ticketTypes.map(\.price.currency.code) }).count > 8)
        let seated = Self.events.count { event in event.ticketTypes.contains { !$0.sections.isEmpty } }
        #expect((Self.events.count / 4...Self.events.count * 3 / 4).contains(seated))
        #expect(Self.events.count { !($0.artist ?? "").utf8.allSatisfy { $0 < 0x80 } } > Self.events.count / 10)
        let artists = Set(Self.events.compactMap(\.artist))
        #expect((500...2500).contains(artists.count), "\(artists.count)")
    }

    @Test func `the same hall has the same plan for every event`() {
        var plans: [String: [SeatSection]] = [:]
        for event in Self.events {
            let sections = event.ticketTypes.flatMap(\.sections)
            let known = plans.updateValue(sections, forKey: "\(event.venue), \(event.venueAddress ?? "")")
            #expect(known == nil || known == sections)
        }
        #expect(plans.count < Self.events.count)
    }

    private static func mayNameSection(_ byte: UInt8) -> Bool {
        let character = Character(UnicodeScalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber || character == " ")
    }
}
