import Contracts
import Testing

@testable import events

@Suite struct EventTests {
    private static let start = Timestamp(milliseconds: 1_767_225_600_000)

    private func event(status: EventStatus = .active, endDate: Timestamp? = nil) throws -> Event {
        let form = EventForm(
            title: "Opera", eventDate: (Self.start + .seconds(3600)).description, venue: "Scala",
            ticketTypes: [
                EventForm.TicketType(name: "Stalls", price: try .json("25"), capacity: 10),
                EventForm.TicketType(
                    name: "Box", price: try .json("80"), seating: "reserved",
                    sections: [.init(name: "A", rows: 2, seatsPerRow: 3)]),
            ],
            endDate: endDate?.description)
        var event = try EventRulebook(now: Self.start).draft(from: form).makeEvent(ownerID: "o", at: Self.start).event
        event.storedStatus = status
        return event
    }

    @Test func `an event ends when it begins, unless it says when it ends`() throws {
        let begins = Self.start + .seconds(3600)
        #expect(try event().status(at: begins - .milliseconds(1)) == .active)
        #expect(try event().status(at: begins) == .ended)
        let lasting = try event(endDate: begins + .seconds(60))
        #expect(lasting.status(at: begins) == .active)
        #expect(lasting.status(at: begins + .seconds(60)) == .ended)
    }

    @Test func `a cancelled event or a draft does not end`() throws {
        let later = Self.start + .seconds(86_400)
        #expect(try event(status: .cancelled).status(at: later) == .cancelled)
        #expect(try event(status: .draft).status(at: later) == .draft)
    }

    @Test func `only an event for sale is active`() throws {
        #expect(try event().isActive(at: Self.start))
        #expect(try !event(status: .cancelled).isActive(at: Self.start))
        #expect(try !event(status: .draft).isActive(at: Self.start))
        #expect(try !event().isActive(at: Self.start + .seconds(7200)))
        var deleted = try event()
        deleted.isDeleted = true
        #expect(!deleted.isActive(at: Self.start))
    }

    @Test func `the document adds up what inventory has left`() throws {
        let event = try event()
        let stock = EventStock(
            eventId: event.id, version: 9,
            ticketTypes: [
                event.ticketTypes[0].id: TicketTypeStock(total: 10, reserved: 2, sold: 3),
                event.ticketTypes[1].id: TicketTypeStock(total: 6, reserved: 0, sold: 6),
            ])
        let document = event.document(stock: stock, at: Self.start)
        #expect(document.totalCapacity == 16)
        #expect(document.availableCapacity == 5)
        #expect(document.ticketTypes.map(\.availableCount) == [5, 0])
        #expect(document.ticketTypes.allSatisfy { $0.capacity == $0.totalQuantity && $0.eventId == event.id })
        let availability = event.availability(stock: stock, at: event.createdAt)
        #expect(availability.version == 9)
        #expect(availability.availableCapacity == 5)
        #expect(availability.ticketTypes.map(\.soldQuantity) == [3, 6])
    }

    @Test func `what inventory does not know cannot be bought`() throws {
        #expect(try event().document(stock: nil, at: Self.start).availableCapacity == 0)
    }

    @Test func `the rules for inventory carry minor units and the sections`() throws {
        let event = try event()
        let section = EventRules.Section(name: "A", rows: 2, seatsPerRow: 3, firstOrdinal: 0)
        let rules = event.rules([event.ticketTypes[1].id: [section]], version: 5)
        #expect(rules.version == 5)
        #expect(rules.ticketTypes.map(\.priceMinorUnits) == [2500, 8000])
        #expect(rules.ticketTypes.map(\.capacity) == [10, 6])
        #expect(rules.ticketTypes.map(\.sections.count) == [0, 1])
    }
}
