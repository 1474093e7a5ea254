import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct ChangeEventTests {
    private func draftForm(_ fixture: EventsFixture) -> EventForm {
        var form = fixture.form()
        form.status = "Draft"
        return form
    }

    @Test func `a cancelled event sells nothing by the time its organizer is answered`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            let cancelled = try await fixture.cancel(id)
            #expect(cancelled.status == .cancelled && !cancelled.isActive && cancelled.version == 2)
            #expect(fixture.stock.rules(of: id)?.status == .cancelled)
            #expect(try await fixture.cancel(id).version == 2, "cancelled twice")
        }
    }

    @Test func `a cancelled event comes back, unless refunds began`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            _ = try await fixture.cancel(id)
            #expect(try await fixture.reactivate(id).isActive)
            _ = try await fixture.cancel(id)
            fixture.stock.beginRefunds()
            await #expect(throws: EventsError.refundsBegan) { try await fixture.reactivate(id) }
            #expect(try await fixture.readEvents.event(id, for: nil).status == .cancelled)
        }
    }

    @Test func `steps that an event cannot take are refused`() async throws {
        try await EventsFixture.with { fixture async throws in
            let draft = try await fixture.create(draftForm(fixture)).id
            await #expect(throws: EventsError.self) { try await fixture.reactivate(draft) }
            let id = try await fixture.create().id
            _ = try await fixture.cancel(id)
            await #expect(throws: EventsError.wrongState(.publish, "cancelled")) { try await fixture.publish(id) }
            let over = try await fixture.create().id
            fixture.clock.advance(by: .seconds(31 * 86_400))
            await #expect(throws: EventsError.wrongState(.cancel, "over")) { try await fixture.cancel(over) }
            await #expect(throws: EventsError.wrongState(.reactivate, "over")) { try await fixture.reactivate(id) }
        }
    }

    @Test func `what inventory did not answer about stays invisible, and the background finishes it`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            fixture.stock.fail(.replyLost)
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.cancel(id) }
            #expect(try await fixture.events.event(id)?.storedStatus == .active)
            #expect(try await fixture.events.changes(after: 1, limit: 10).changes.isEmpty)
            fixture.stock.fail(nil)
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.events.event(id)?.storedStatus == .cancelled)
            #expect(try await fixture.events.changes(after: 1, limit: 10).changes.map(\.event.version) == [2])
        }
    }

    @Test func `a change that was left behind is finished before the next one`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) { try await fixture.cancel(id) }
            fixture.stock.fail(nil)
            let back = try await fixture.reactivate(id)
            #expect(back.version == 3 && back.isActive)
        }
    }

    @Test func `many changes at once all take effect, one after the other`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let form = TicketsForm(ticketTypeId: created.ticketTypes[0].id, quantity: 5)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        try await fixture.addTickets(created.id, form, intent: "k\(number)", in: fixture.context)
                    }
                }
                for try await made in group { #expect(made == 5) }
            }
            let event = try await fixture.readEvents.event(created.id, for: nil)
            #expect(event.totalCapacity == 160 && event.version == 13)
        }
    }

    @Test func `the same intent adds its tickets once, also after a crash in between`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let form = TicketsForm(ticketTypeId: created.ticketTypes[0].id, quantity: 5)
            fixture.stock.fail(.replyLost)
            await #expect(throws: EventsError.inventoryUnavailable) {
                try await fixture.addTickets(created.id, form, intent: "k", in: fixture.context)
            }
            fixture.stock.fail(nil)
            for _ in 0..<2 {
                let made = try await fixture.addTickets(created.id, form, intent: "k", in: fixture.context)
                #expect(made == 5)
            }
            #expect(try await fixture.readEvents.event(created.id, for: nil).totalCapacity == 105)
        }
    }

    @Test func `an end that came by time is noted once, announced, and stays`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create(fixture.form(days: 1)).id
            try await fixture.create(fixture.form(days: 3))
            fixture.clock.advance(by: .seconds(2 * 86_400))
            #expect(try await fixture.readEvents.event(id, for: nil).status == .ended)
            let sweep = RecordEnds(
                changes: fixture.changes, clock: fixture.clock, interval: .seconds(1), logger: EventsFixture.logger)
            try await sweep.pass()
            try await sweep.pass()
            let changes = try await fixture.readEvents.changes(after: 2, limit: 10).changes
            #expect(changes.map(\.event.id) == [id] && changes.map(\.event.status) == [.ended])
            #expect(changes.map(\.event.version) == [2])
            fixture.clock.advance(by: .seconds(-2 * 86_400))
            #expect(try await fixture.readEvents.event(id, for: nil).status == .ended)
            #expect(try await fixture.events.list(.init(), .init(page: 1, pageSize: 9), at: fixture.clock.now()).1 == 1)
        }
    }
}
