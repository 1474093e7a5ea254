import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct PushStoreTests {
    private func insert(_ fixture: EventsFixture, dueIn delay: Duration = .zero) async throws -> Event {
        let (event, plan) = try fixture.createEvent.check(fixture.form()).makeEvent(
            ownerID: "o", at: fixture.clock.now())
        _ = try await fixture.events.insert(
            event, plan, creationKey: "o:\(event.id)", pushDueAt: fixture.clock.now() + delay)
        return event
    }

    @Test func `sequences have no gap and follow the order of announcement`() async throws {
        try await EventsFixture.with { fixture async throws in
            var events: [Event] = []
            for _ in 0..<5 { events.append(try await insert(fixture)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for event in events { group.addTask { try await fixture.applied(event.id) } }
                try await group.waitForAll()
            }
            let (changes, latest) = try await fixture.events.changes(after: 0, limit: 10)
            #expect(changes.map(\.sequence) == [1, 2, 3, 4, 5])
            #expect(Set(changes.map(\.event.id)) == Set(events.map(\.id)))
            #expect(latest == 5)
            #expect(try await fixture.events.changes(after: 3, limit: 1).changes.map(\.sequence) == [4])
        }
    }

    @Test func `recording a push again announces nothing again`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await insert(fixture)
            for _ in 0..<3 { try await fixture.applied(event.id) }
            #expect(try await fixture.events.changes(after: 0, limit: 10).changes.map(\.sequence) == [1])
            #expect(try await fixture.pushes.pending(event.id) == nil)
        }
    }

    @Test func `a claimed event is nobody else's until its lease ends`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await insert(fixture, dueIn: .seconds(30))
            func claim() async throws -> [String] {
                let now = fixture.clock.now()
                return try await fixture.pushes.claim(at: now, leaseUntil: now + .seconds(60), limit: 10).map(
                    \.event.id)
            }
            #expect(try await claim().isEmpty)
            fixture.clock.advance(by: .seconds(30))
            #expect(try await claim() == [event.id])
            #expect(try await claim().isEmpty)
            fixture.clock.advance(by: .seconds(60))
            #expect(try await claim() == [event.id])
        }
    }

    @Test func `a withdrawn event is told to inventory once more and never shown`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await insert(fixture)
            let creation = try #require(try await fixture.pushes.pending(event.id))
            #expect(try await fixture.pushes.withdraw(event.id, at: fixture.clock.now()))
            #expect(try await !fixture.pushes.withdraw(event.id, at: fixture.clock.now()))
            try await fixture.pushes.record(RulesDecision(.applied), on: creation, at: fixture.clock.now())
            #expect(try await fixture.events.event(event.id) == nil)
            let pending = try #require(try await fixture.pushes.pending(event.id))
            #expect(pending.matter == .withdrawal)
            #expect(pending.rulesVersion == 2)
            try await fixture.pushes.record(RulesDecision(.removed), on: pending, at: fixture.clock.now())
            #expect(try await fixture.rowCount() == 0)
        }
    }

    @Test func `an event that is visible cannot be withdrawn`() async throws {
        try await EventsFixture.with { fixture async throws in
            let event = try await insert(fixture)
            try await fixture.applied(event.id)
            #expect(try await !fixture.pushes.withdraw(event.id, at: fixture.clock.now()))
            #expect(try await fixture.events.event(event.id) != nil)
        }
    }

    @Test func `where inventory has heard of later versions, they count on until it listens`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            let event = try #require(try await fixture.events.event(id))
            let later = fixture.clock.now().milliseconds + 90_000
            _ = try await fixture.stock.put(event.rules([:], version: later), in: fixture.context)
            await #expect(throws: EventsError.changedMeanwhile) { try await fixture.cancel(id) }
            for _ in 0..<3 { await fixture.pushPendingRules.pass() }
            #expect(fixture.stock.rules(of: id)?.status == .cancelled)
            #expect(try await fixture.readEvents.event(id, for: nil).status == .cancelled)
        }
    }

    @Test func `a change is staged from the current version only, and one at a time`() async throws {
        try await EventsFixture.with { fixture async throws in
            let id = try await fixture.create().id
            let event = try #require(try await fixture.events.event(id))
            let now = fixture.clock.now()
            let change = StagedChange(kind: .replace, event: event.deleted(at: now), plan: [:])
            func stage(from version: Int64) async throws -> PushStore.Pending? {
                try await fixture.changes.stage(change, from: version, at: now, pushDueAt: now)
            }
            #expect(try await stage(from: 0)?.matter == nil)
            #expect(try await stage(from: 1)?.matter == .change(change))
            #expect(try await stage(from: 1)?.matter == nil)
            #expect(try await fixture.events.event(id) == event, "a staged change was visible")
        }
    }
}
