import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct DeleteEventTests {
    @Test func `an event that nobody bought goes without a trace, and followers learn of it`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            try await fixture.deleteEvent(id, in: fixture.context)
            #expect(try await fixture.rowCount() == 0)
            await #expect(throws: EventsError.unknownEvent) { try await fixture.readEvents.event(id, for: nil) }
            let changes = try await fixture.readEvents.changes(after: 1, limit: 10).changes
            #expect(changes.map(\.event.id) == [id] && changes.map(\.event.version) == [2])
            #expect(changes.allSatisfy { !$0.event.isActive })
            #expect(try await fixture.events.marks(after: 0, limit: 10).map(\.sequence) == [2])
        }
    }

    @Test func `an event with sold tickets stays readable and is listed no more`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            fixture.stock.sell(1, of: created.ticketTypes[0].id)
            try await fixture.deleteEvent(created.id, in: fixture.context)
            let read = try await fixture.readEvents.event(created.id, for: nil)
            #expect(!read.isActive && read.status == .active && read.version == 2)
            let page = PageRequest(page: 1, pageSize: 20)
            #expect(try await fixture.readEvents.list(.init(), page, for: nil).total == 0)
            let everything = EventFilter(includesInactive: true)
            #expect(try await fixture.readEvents.list(everything, page, for: EventsFixture.admin).total == 1)
            try await fixture.deleteEvent(created.id, in: fixture.context)
            #expect(try await fixture.readEvents.event(created.id, for: nil).version == 2, "deleted twice")
            #expect(try await fixture.reactivate(created.id).isActive)
        }
    }

    @Test func `a deletion whose answer was lost is finished as it was decided`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            fixture.stock.fail(.replyLost)
            await #expect(throws: EventsError.inventoryUnavailable) {
                try await fixture.deleteEvent(created.id, in: fixture.context)
            }
            fixture.stock.fail(nil)
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.rowCount() == 0)
        }
    }
}
