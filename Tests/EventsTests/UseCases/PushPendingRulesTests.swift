import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct PushPendingRulesTests {
    /// What a process leaves that died after storing a new event.
    private func abandoned(_ fixture: EventsFixture) async throws -> Event {
        let now = fixture.clock.now()
        let (event, plan) = try fixture.createEvent.check(fixture.form()).makeEvent(ownerID: "o", at: now)
        _ = try await fixture.events.insert(
            event, plan, creationKey: nil, pushDueAt: now + EventsFixture.takeoverDelay)
        return event
    }

    @Test func `an event whose process died is finished, but not while its request may still run`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await abandoned(fixture)
            await fixture.pushPendingRules.pass()
            #expect(fixture.stock.puts == 0)
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            await fixture.pushPendingRules.pass()
            #expect(fixture.stock.rules(of: event.id)?.version == 1)
            #expect(try await fixture.events.event(event.id) == event)
            await fixture.pushPendingRules.pass()
            #expect(fixture.stock.puts == 1)
        }
    }

    @Test func `while inventory is down the pauses grow, and the event is finished when it is back`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await abandoned(fixture)
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            fixture.stock.fail(.down)
            for attempt in 1...3 {
                await fixture.pushPendingRules.pass()
                #expect(fixture.stock.puts == attempt)
                await fixture.pushPendingRules.pass()
                #expect(fixture.stock.puts == attempt, "tried again without a pause")
                fixture.clock.advance(by: .seconds(60))
            }
            #expect(try await fixture.events.event(event.id) == nil)
            fixture.stock.fail(nil)
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.events.event(event.id) != nil)
        }
    }

    @Test func `the pause after a failure doubles up to its bound and is jittered`() async throws {
        try await EventsFixture.with { fixture async throws in
            let worker = fixture.pushPendingRules
            for _ in 0..<50 {
                #expect((.milliseconds(250)...(.milliseconds(500))).contains(worker.pause(after: 0)))
                #expect((.seconds(1)...(.seconds(2))).contains(worker.pause(after: 2)))
                #expect((.seconds(30)...(.seconds(60))).contains(worker.pause(after: 1000)))
            }
        }
    }

    @Test func `more events than one look takes are all pushed in one pass`() async throws {
        try await EventsFixture.with { fixture async throws in
            for _ in 0..<25 { _ = try await abandoned(fixture) }
            fixture.clock.advance(by: EventsFixture.takeoverDelay)
            await fixture.pushPendingRules.pass()
            #expect(try await fixture.events.changes(after: 0, limit: 100).changes.count == 25)
        }
    }
}
