import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct UpdateEventTests {
    private func update(_ fixture: EventsFixture, _ id: String, _ form: EventForm) async throws -> EventDocument {
        try await fixture.updateEvent(id, form, in: fixture.context)
    }

    @Test func `an update replaces everything and keeps ids, owner and age`() async throws {
        try await EventsFixture.with { fixture async throws in
            var form = fixture.form()
            form.city = "Antwerp"
            let before = try await fixture.create(form)
            fixture.clock.advance(by: .seconds(60))
            var change = fixture.form("Matinee")
            change.ticketTypes?[0].capacity = 250
            change.ticketTypes?.append(EventForm.TicketType(name: "Balcony", price: try .json("80"), capacity: 30))
            let after = try await update(fixture, before.id, change)
            #expect(after.title == "Matinee" && after.city == nil && after.version == 2)
            #expect(after.id == before.id && after.ownerId == before.ownerId && after.createdAt == before.createdAt)
            #expect(after.ticketTypes[0].id == before.ticketTypes[0].id)
            #expect(after.ticketTypes.map(\.capacity) == [250, 30])
            #expect(try await fixture.readEvents.event(before.id, for: nil) == after)
            #expect(fixture.stock.rules(of: before.id)?.ticketTypes.map(\.capacity) == [250, 30])
        }
    }

    @Test func `a stale version is refused, without one the last change wins`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            var first = fixture.form("First")
            first.version = 1
            _ = try await update(fixture, id, first)
            var stale = fixture.form("Stale")
            stale.version = 1
            await #expect(throws: EventsError.staleVersion(current: 2)) { try await update(fixture, id, stale) }
            stale.version = nil
            #expect(try await update(fixture, id, stale).title == "Stale")
        }
    }

    @Test func `a capacity below what is sold is refused by inventory and leaves no trace`() async throws {
        try await EventsFixture.with { fixture async throws in
            let before = try await fixture.create()
            let type = before.ticketTypes[0].id
            fixture.stock.sell(40, of: type)
            var form = fixture.form("Smaller")
            form.ticketTypes?[0].capacity = 39
            await #expect(throws: EventsError.capacityBelowSold([type])) {
                try await update(fixture, before.id, form)
            }
            let after = try await fixture.readEvents.event(before.id, for: nil)
            #expect(after.title == before.title && after.version == 1 && after.totalCapacity == 100)
            form.ticketTypes?[0].capacity = 40
            form.version = 1
            #expect(try await update(fixture, before.id, form).availableCapacity == 0)
        }
    }

    @Test func `seats come in sections that keep their places`() async throws {
        try await EventsFixture.with { fixture async throws in
            var form = fixture.form()
            form.ticketTypes = [
                EventForm.TicketType(
                    name: "Seat", price: try .json("10"), sections: [.init(name: "A", rows: 2, seatsPerRow: 5)]),
                EventForm.TicketType(
                    name: "Box", price: try .json("90"), sections: [.init(name: "B", rows: 1, seatsPerRow: 4)]),
            ]
            let id = try await fixture.create(form).id
            let seat = try #require(form.ticketTypes?[0])
            form.ticketTypes = [seat]
            form.ticketTypes?[0].sections?.append(.init(name: "C", rows: 1, seatsPerRow: 3))
            let after = try await update(fixture, id, form)
            #expect(after.ticketTypes.map(\.capacity) == [13])
            let sections = fixture.stock.rules(of: id)?.ticketTypes[0].sections ?? []
            #expect(sections.map(\.firstOrdinal) == [0, 14])
            form.ticketTypes?[0].sections = nil
            #expect(try await update(fixture, id, form).ticketTypes.map(\.capacity) == [13])
            form.ticketTypes?[0].sections = [.init(name: "a", rows: 3, seatsPerRow: 5)]
            await #expect(throws: InvalidEvent.self) { try await update(fixture, id, form) }
        }
    }

    @Test(
        "fields that an event cannot get any more are refused",
        arguments: [
            "ticketTypes[0].seating", "ticketTypes[0].currency", "ticketTypes[0].id", "eventDate", "endDate",
            "ticketTypes[0].capacity",
        ])
    func fields(field: String) async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            var form = fixture.form()
            switch field {
            case "ticketTypes[0].seating":
                form.ticketTypes?[0].seating = "reserved"
            case "ticketTypes[0].currency": form.ticketTypes?[0].currency = "EUR"
            case "ticketTypes[0].id": form.ticketTypes?[0].id = UUIDv7.make(at: fixture.clock.now())
            case "eventDate": form.eventDate = "2020-01-01T00:00:00Z"
            case "endDate": form.endDate = "2020-01-01T00:00:00Z"
            default: form.ticketTypes?[0].capacity = 0
            }
            do {
                _ = try await update(fixture, id, form)
                Issue.record("it was taken")
            } catch let error as InvalidEvent {
                #expect(error.errors.map(\.field) == [field])
            }
        }
    }

    @Test func `cancelled, deleted and past events are not changed`() async throws {
        try await EventsFixture.with { fixture async throws in
            let cancelled = try await fixture.create().id
            _ = try await fixture.cancel(cancelled)
            await #expect(throws: EventsError.wrongState(.change, "cancelled")) {
                try await update(fixture, cancelled, fixture.form())
            }
            let past = try await fixture.create(fixture.form(days: 1)).id
            fixture.clock.advance(by: .seconds(2 * 86_400))
            await #expect(throws: EventsError.wrongState(.change, "over")) {
                try await update(fixture, past, fixture.form())
            }
        }
    }
}
