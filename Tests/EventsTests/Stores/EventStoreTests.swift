import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct EventStoreTests {
    private let page = PageRequest(page: 1, pageSize: 20)

    @Test func `an event comes back as it was stored`() async throws {
        try await EventsFixture.with { fixture async throws in
            var form = fixture.form()
            form.artist = "Il Novecento"
            form.city = "Antwerpen"
            form.category = "Classical"
            form.description = "Line one\nline two"
            form.endDate = (fixture.clock.now() + .seconds(31 * 86_400)).description
            form.reserveOn = "cart"
            form.maxPerOrder = 4
            form.ticketTypes?.append(
                EventForm.TicketType(
                    name: "Seat", price: try .json("80.25"), description: "with a view",
                    seating: "reserved", saleStartsAt: "2026-01-01T00:00:00Z", saleEndsAt: "2026-01-20T00:00:00Z",
                    sections: [.init(name: "B", rows: 2, seatsPerRow: 2), .init(name: "A", rows: 1, seatsPerRow: 3)]))
            let (event, plan) = try fixture.createEvent.check(form)
                .makeEvent(ownerID: EventsFixture.organizer.userID, at: fixture.clock.now())
            _ = try await fixture.events.insert(event, plan, creationKey: nil, pushDueAt: fixture.clock.now())
            let pending = try #require(try await fixture.pushes.pending(event.id))
            #expect(pending.event == event)
            #expect(pending.plan == plan)
            #expect(pending.plan[event.ticketTypes[1].id]?.map(\.name) == ["B", "A"])
        }
    }

    @Test func `nobody sees an event before inventory has its stock`() async throws {
        try await EventsFixture.with { fixture async throws in
            let (event, plan) = try fixture.createEvent.check(fixture.form())
                .makeEvent(ownerID: "o", at: fixture.clock.now())
            _ = try await fixture.events.insert(event, plan, creationKey: nil, pushDueAt: fixture.clock.now())
            #expect(try await fixture.events.event(event.id) == nil)
            #expect(try await fixture.events.events([event.id]).isEmpty)
            let everything = EventFilter(includesInactive: true)
            #expect(try await fixture.events.list(everything, page, at: fixture.clock.now()).total == 0)
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.isEmpty)
            try await fixture.applied(event.id)
            #expect(try await fixture.events.event(event.id) == event)
            #expect(try await fixture.events.list(everything, page, at: fixture.clock.now()).total == 1)
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.map(\.sequence) == [1])
        }
    }

    @Test func `events come by date, a page at a time, with their number`() async throws {
        try await EventsFixture.with { fixture async throws in
            for day in [5, 1, 4, 2, 3] { try await fixture.create(fixture.form("Day \(day)", days: day)) }
            let now = fixture.clock.now()
            let (first, total) = try await fixture.events.list(.init(), .init(page: 1, pageSize: 2), at: now)
            let (last, _) = try await fixture.events.list(.init(), .init(page: 3, pageSize: 2), at: now)
            #expect(total == 5)
            #expect(first.map(\.details.title) == ["Day 1", "Day 2"])
            #expect(last.map(\.details.title) == ["Day 5"])
            #expect(try await fixture.events.list(.init(), .init(page: 4, pageSize: 2), at: now).0.isEmpty)
        }
    }

    @Test func `filters combine, and city and category have no case`() async throws {
        try await EventsFixture.with { fixture async throws in
            var oslo = fixture.form("Oslo")
            (oslo.city, oslo.category) = ("Oslo", "Rock")
            var koeln = fixture.form("Köln")
            (koeln.city, koeln.category) = ("KÖLN", "Rock")
            try await fixture.create(oslo)
            try await fixture.create(koeln, by: EventsFixture.stranger)
            func titles(_ filter: EventFilter) async throws -> [String] {
                try await fixture.events.list(filter, page, at: fixture.clock.now()).0.map(\.details.title)
            }
            #expect(try await titles(.init(city: "köln")) == ["Köln"])
            #expect(try await titles(.init(category: "rock")).count == 2)
            #expect(try await titles(.init(city: "oslo", category: "jazz")).isEmpty)
            #expect(try await titles(.init(ownerID: EventsFixture.stranger.userID)) == ["Köln"])
            #expect(try await titles(.init(city: "' OR 1=1 --")).isEmpty)
        }
    }

    @Test func `what is over, cancelled or a draft is listed only when inactive events are asked for`() async throws {
        try await EventsFixture.with { fixture async throws in
            var draft = fixture.form("Draft", days: 3)
            draft.status = "Draft"
            try await fixture.create(draft)
            try await fixture.create(fixture.form("Soon over", days: 1))
            var festival = fixture.form("Festival", days: 1)
            festival.endDate = (fixture.clock.now() + .seconds(5 * 86_400)).description
            try await fixture.create(festival)
            try await fixture.create(fixture.form("Later", days: 4))
            fixture.clock.advance(by: .seconds(2 * 86_400))
            func titles(_ filter: EventFilter) async throws -> [String] {
                try await fixture.events.list(filter, page, at: fixture.clock.now()).0.map(\.details.title).sorted()
            }
            #expect(try await titles(.init()) == ["Festival", "Later"])
            #expect(try await titles(.init(upcomingOnly: true)) == ["Later"])
            #expect(try await titles(.init(includesInactive: true)) == ["Draft", "Festival", "Later", "Soon over"])
        }
    }

    @Test func `the same intent finds the event it made, for a day`() async throws {
        try await EventsFixture.with { fixture async throws in
            func insert() async throws -> EventStore.Insertion {
                let (event, plan) = try fixture.createEvent.check(fixture.form())
                    .makeEvent(ownerID: "o", at: fixture.clock.now())
                return try await fixture.events.insert(
                    event, plan, creationKey: "o:key", pushDueAt: fixture.clock.now())
            }
            #expect(try await insert() == .made)
            guard case .madeBefore = try await insert() else {
                Issue.record("made twice")
                return
            }
            fixture.clock.advance(by: .seconds(24 * 3600 + 1))
            #expect(try await insert() == .made)
        }
    }

    @Test func `up to a hundred events come in the order asked for`() async throws {
        try await EventsFixture.with { fixture async throws in
            var ids: [String] = []
            for index in 0..<5 { ids.append(try await fixture.create(fixture.form("E\(index)")).id) }
            let asked = [ids[3], "unknown", ids[0], ids[4]]
            #expect(try await fixture.events.events(asked).map(\.id) == [ids[3], ids[0], ids[4]])
            #expect(try await fixture.events.events([]).isEmpty)
        }
    }
}
