import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct CreateEventTests {
    @Test func `an event is on sale with all its stock when it is answered`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            #expect(created.status == .active)
            #expect(created.isActive)
            #expect(created.ownerId == EventsFixture.organizer.userID)
            #expect(created.availableCapacity == 100)
            #expect(UUIDv7.isWellFormed(created.id))
            #expect(fixture.stock.rules(of: created.id)?.ticketTypes.map(\.capacity) == [100])
            let read = try await fixture.readEvents.event(created.id, for: nil)
            #expect(read == created)
        }
    }

    @Test func `a guest may not organize`() async throws {
        try await EventsFixture.with { fixture async throws in
            await #expect(throws: EventsError.guestsMayNotOrganize) {
                try await fixture.create(by: EventsFixture.guest)
            }
            #expect(try await fixture.rowCount() == 0)
        }
    }

    @Test func `when inventory is down the event is not made, now or later`() async throws {
        try await EventsFixture.with { fixture async throws in
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.create() }
            fixture.stock.fail(nil)
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.rowCount() == 0)
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.isEmpty)
            #expect(fixture.stock.allRules.isEmpty)
        }
    }

    @Test func `when inventory's answer was lost what it took is called off`() async throws {
        try await EventsFixture.with { fixture async throws in
            fixture.stock.fail(.replyLost)
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.create() }
            #expect(fixture.stock.allRules.map(\.status) == [.active])
            fixture.stock.fail(nil)
            await fixture.pushPendingRules.pass()
            #expect(fixture.stock.allRules.isEmpty)
            #expect(try await fixture.rowCount() == 0)
        }
    }

    @Test func `a refusal of inventory is not passed on as if it were the organizer's fault`() async throws {
        try await EventsFixture.with { fixture async throws in
            fixture.stock.fail(.refuses(ProblemDocument(status: 404, code: "not-found", title: "Not found")))
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.create() }
        }
    }

    @Test func `a repeated intent answers with the same event`() async throws {
        try await EventsFixture.with { fixture async throws in
            let first = try await fixture.create(intent: "key")
            let again = try await fixture.create(intent: "key")
            #expect(first.id == again.id)
            let others = try await fixture.create(by: EventsFixture.stranger, intent: "key")
            #expect(others.id != first.id)
        }
    }

    @Test func `a repeated intent goes on where a dead process stopped`() async throws {
        try await EventsFixture.with { fixture async throws in
            let (event, plan) = try fixture.createEvent.check(fixture.form())
                .makeEvent(ownerID: EventsFixture.organizer.userID, at: fixture.clock.now())
            _ = try await fixture.events.insert(
                event, plan, creationKey: "\(EventsFixture.organizer.userID):key", pushDueAt: fixture.clock.now())
            #expect(try await fixture.create(intent: "key").id == event.id)
            #expect(try await fixture.events.event(event.id) != nil)
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.count == 1)
        }
    }

    @Test func `after a refusal the same intent makes a new event`() async throws {
        try await EventsFixture.with { fixture async throws in
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.create(intent: "key") }
            fixture.stock.fail(nil)
            let created = try await fixture.create(intent: "key")
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.events.event(created.id) != nil)
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.map(\.event.id) == [created.id])
        }
    }

    @Test func `many creations at once all succeed, each once`() async throws {
        try await EventsFixture.with { fixture async throws in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<40 { group.addTask { try await fixture.create().id } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 40)
            let sequences = try await fixture.events.changes(after: 0, limit: 100).changes.map(\.sequence)
            #expect(sequences == Array(1...40))
        }
    }
}
