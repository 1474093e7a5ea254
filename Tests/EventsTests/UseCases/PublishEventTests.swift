import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct PublishEventTests {
    private func draft(_ fixture: EventsFixture) async throws -> EventDocument {
        var form = fixture.form()
        form.status = "Draft"
        return try await fixture.create(form)
    }

    @Test func `a published draft is on sale, listed and announced`() async throws {
        try await EventsFixture.with { fixture async throws in
            let draft = try await draft(fixture)
            #expect(fixture.stock.rules(of: draft.id)?.status == .draft)
            let published = try await fixture.publish(draft.id)
            #expect(published.status == .active && published.isActive)
            #expect(published.version == 2)
            #expect(fixture.stock.rules(of: draft.id)?.status == .active)
            let (listed, _) = try await fixture.events.list(
                .init(), .init(page: 1, pageSize: 20), at: fixture.clock.now())
            #expect(listed.map(\.id) == [draft.id])
            let changes = try await fixture.readEvents.changes(after: 1, limit: 10).changes
            #expect(changes.map(\.event.status) == [.active])
        }
    }

    @Test func `publishing again changes nothing`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await draft(fixture).id
            let first = try await fixture.publish(id)
            let again = try await fixture.publish(id)
            #expect(first == again)
            #expect(try await fixture.events.changes(after: 0, limit: 10).latest == 2)
        }
    }

    @Test func `twenty at once publish once`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await draft(fixture).id
            try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await fixture.publish(id).version }
                }
                for try await version in group { #expect(version == 2) }
            }
            #expect(try await fixture.events.changes(after: 0, limit: 10).latest == 2)
        }
    }

    @Test func `what is over cannot be published`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await draft(fixture).id
            fixture.clock.advance(by: .seconds(31 * 86_400))
            await #expect(throws: EventsError.wrongState(.publish, "over")) {
                try await fixture.publish(id)
            }
        }
    }

    @Test func `while inventory is away it is 503, and the background finishes it`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await draft(fixture).id
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) {
                try await fixture.publish(id)
            }
            #expect(try await fixture.events.changes(after: 1, limit: 10).changes.isEmpty, "announced too early")
            fixture.stock.fail(nil)
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            await fixture.pushPendingRules.pass()
            #expect(fixture.stock.rules(of: id)?.status == .active)
            #expect(try await fixture.events.changes(after: 1, limit: 10).changes.map(\.event.id) == [id])
        }
    }

    @Test func `only the organizer and admins may; others do not even learn of a draft`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await draft(fixture).id
            try await fixture.access.authorize(id, for: EventsFixture.organizer)
            try await fixture.access.authorize(id, for: EventsFixture.admin)
            await #expect(throws: EventsError.unknownEvent) {
                try await fixture.access.authorize(id, for: EventsFixture.stranger)
            }
            _ = try await fixture.publish(id)
            await #expect(throws: EventsError.notTheOwner) {
                try await fixture.access.authorize(id, for: EventsFixture.stranger)
            }
        }
    }
}
