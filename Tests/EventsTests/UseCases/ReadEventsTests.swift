import Contracts
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct ReadEventsTests {
    @Test func `a page asks inventory once and shows what is left now`() async throws {
        try await EventsFixture.with { fixture async throws in
            var ids: [String] = []
            for day in 1...3 { ids.append(try await fixture.create(fixture.form("E\(day)", days: day)).id) }
            let type = try #require(fixture.stock.rules(of: ids[1])?.ticketTypes.first?.ticketTypeId)
            fixture.stock.sell(40, of: type)
            let (events, total) = try await fixture.readEvents.list(
                .init(), .init(page: 1, pageSize: 20), for: nil)
            #expect(total == 3)
            #expect(events.map(\.availableCapacity) == [100, 60, 100])
            #expect(fixture.stock.reads == [ids.sorted()])
            fixture.stock.sell(60, of: type)
            let availability = try await fixture.readEvents.availability(ids[1], for: nil)
            #expect(availability.availableCapacity == 0)
            #expect(availability.version > 0)
        }
    }

    @Test func `an empty page asks nobody`() async throws {
        try await EventsFixture.with { fixture async throws in
            fixture.stock.fail(.down)
            let (events, total) = try await fixture.readEvents.list(
                .init(), .init(page: 1, pageSize: 20), for: nil)
            #expect(events.isEmpty && total == 0)
        }
    }

    @Test func `without inventory nothing is guessed`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) {
                try await fixture.readEvents.event(id, for: nil)
            }
            await #expect(throws: EventsError.inventoryUnavailable) {
                try await fixture.readEvents.availability(id, for: nil)
            }
        }
    }

    @Test func `an event that inventory lost does not hide the others`() async throws {
        try await EventsFixture.with { fixture async throws in
            let lost = try await fixture.create(fixture.form("Lost", days: 1)).id
            try await fixture.create(fixture.form("Kept", days: 2))
            fixture.stock.forget(lost)
            let (events, _) = try await fixture.readEvents.list(
                .init(), .init(page: 1, pageSize: 20), for: nil)
            #expect(events.map(\.availableCapacity) == [0, 100])
        }
    }

    @Test func `a draft is known to its organizer and admins only`() async throws {
        try await EventsFixture.with { fixture async throws in
            var form = fixture.form()
            form.status = "Draft"
            let draft = try await fixture.create(form)
            #expect(draft.status == .draft)
            #expect(!draft.isActive)
            for identity in [EventsFixture.organizer, EventsFixture.admin] {
                #expect(try await fixture.readEvents.event(draft.id, for: identity) == draft)
            }
            for identity in [nil, EventsFixture.stranger, EventsFixture.guest] {
                await #expect(throws: EventsError.unknownEvent) {
                    try await fixture.readEvents.event(draft.id, for: identity)
                }
            }
        }
    }

    @Test(arguments: ["", "1", "../1", "01900000-0000-7000-8000-000000000000", "' OR 1=1"])
    func `an id that names nothing is an unknown event`(id: String) async throws {
        try await EventsFixture.with { fixture async throws in
            await #expect(throws: EventsError.unknownEvent) {
                try await fixture.readEvents.event(id, for: nil)
            }
        }
    }

    @Test func `the whole catalogue is for admins`() async throws {
        try await EventsFixture.with { fixture async throws in
            let everything = EventFilter(includesInactive: true)
            for identity in [nil, EventsFixture.organizer] {
                await #expect(throws: EventsError.inactiveEventsNeedAdmin) {
                    try await fixture.readEvents.list(
                        everything, .init(page: 1, pageSize: 20), for: identity)
                }
            }
            _ = try await fixture.readEvents.list(
                everything, .init(page: 1, pageSize: 20), for: EventsFixture.admin)
        }
    }

    @Test func `a page of the feed ends before it is larger than followers can take`() async throws {
        try await EventsFixture.with { fixture async throws in
            // Larger than may be made, as events may be that were made before there was a limit.
            for number in 1...12 {
                var (event, plan) = try fixture.createEvent.check(fixture.form("E\(number)"))
                    .makeEvent(ownerID: EventsFixture.organizer.userID, at: fixture.clock.now())
                event.details.description = String(repeating: "\"", count: number == 6 ? 3_000_000 : 700_000)
                _ = try await fixture.events.insert(event, plan, creationKey: nil, pushDueAt: fixture.clock.now())
                try await fixture.applied(event.id)
            }
            var titles: [String] = []
            var page = try await fixture.readEvents.changes(after: 0, limit: 200)
            while let last = page.changes.last {
                let bytes = try WireJSON.encode(page).readableBytes
                #expect(bytes < 8 * 1024 * 1024)
                #expect(page.hasMore == (last.sequence < 12))
                titles += page.changes.map(\.event.title)
                page = try await fixture.readEvents.changes(after: last.sequence, limit: 200)
            }
            #expect(titles == (1...12).map { "E\($0)" })
            #expect(!page.hasMore)
        }
    }

    @Test func `the feed goes on while inventory is away`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            fixture.stock.fail(.down)
            let changes = try await fixture.readEvents.changes(after: 0, limit: 10)
            #expect(changes.changes.map(\.event) == [created])
            #expect(changes.latest == 1)
            #expect(try await fixture.readEvents.changes(after: 1, limit: 10).changes.isEmpty)
        }
    }
}
