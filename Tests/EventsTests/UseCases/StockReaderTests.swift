import Contracts
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import events

@Suite struct StockReaderTests {
    @Test func `what is known is only checked by its version, and a sale is seen by the next read`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let reader = fixture.reader
            let event = try #require(try await fixture.events.event(created.id))
            _ = try await reader.document(of: event, at: fixture.clock.now())
            let known = try #require(try await reader.stock(of: [event])[event.id])
            #expect(fixture.stock.asked.map { $0[event.id] } == [0, known.version])
            fixture.stock.sell(7, of: created.ticketTypes[0].id)
            #expect(try await reader.document(of: event, at: fixture.clock.now()).availableCapacity == 93)
        }
    }

    @Test func `a crowd of readers shares the calls, and none gets an answer from before it came`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let event = try #require(try await fixture.events.event(created.id))
            let slow = SlowStock(behind: fixture.stock)
            let reader = StockReader(stock: slow, logger: EventsFixture.logger)
            let first = Task { try await reader.document(of: event, at: fixture.clock.now()).availableCapacity }
            try await eventually(within: .seconds(10), "the first call is under way") { slow.calls == 1 }
            fixture.stock.sell(10, of: created.ticketTypes[0].id)
            let askers = Mutex(0)
            let crowd = (0..<500).map { _ in
                Task { @Sendable in
                    askers.withLock { $0 += 1 }
                    return try await reader.document(of: event, at: fixture.clock.now()).availableCapacity
                }
            }
            try await eventually("all of the crowd have asked") { askers.withLock { $0 == 500 } }
            slow.open()
            _ = try await first.value
            for reader in crowd { #expect(try await reader.value == 90) }
            #expect(slow.calls <= 3)
        }
    }

    @Test func `a reader that is cancelled waits no longer, and the call goes on for the others`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let event = try #require(try await fixture.events.event(created.id))
            let slow = SlowStock(behind: fixture.stock)
            let reader = StockReader(stock: slow, logger: EventsFixture.logger)
            let patient = Task { try await reader.stock(of: [event]) }
            try await eventually("the call is under way") { slow.calls == 1 }
            let hasGivenUp = Mutex(false)
            let hasty = Task { @Sendable in
                await #expect(throws: CancellationError.self) { try await reader.stock(of: [event]) }
                hasGivenUp.withLock { $0 = true }
            }
            hasty.cancel()
            try? await eventually { hasGivenUp.withLock { $0 } }
            #expect(hasGivenUp.withLock { $0 })
            slow.open()
            #expect(try await patient.value.count == 1)
            await hasty.value
        }
    }

    @Test func `a failed call fails those who took part in it, and the next one begins anew`() async throws {
        try await EventsFixture.with { fixture async throws in
            let created = try await fixture.create()
            let event = try #require(try await fixture.events.event(created.id))
            let reader = fixture.reader
            fixture.stock.fail(.down)
            await #expect(throws: EventsError.inventoryUnavailable) { try await reader.stock(of: [event]) }
            fixture.stock.fail(nil)
            #expect(try await reader.stock(of: [event]).count == 1)
        }
    }

    @Test func `readers of more events than a call may ask for are all answered`() async throws {
        try await EventsFixture.with { fixture async throws in
            let reader = fixture.reader
            var events: [Event] = []
            for number in 0..<150 {
                let id = try await fixture.create(fixture.form("E\(number)")).id
                events.append(try #require(try await fixture.events.event(id)))
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for event in events { group.addTask { try await reader.stock(of: [event])[event.id] == nil ? 0 : 1 } }
                let answered = try await group.reduce(0, +)
                #expect(answered == 150)
            }
            #expect(fixture.stock.reads.allSatisfy { $0.count <= StockReader.batchMax })
        }
    }
}

/// An inventory whose first answers wait until it is opened.
private final class SlowStock: StockClient {
    private let behind: FakeStock
    private let state = Mutex((calls: 0, isOpen: false))

    init(behind: FakeStock) { self.behind = behind }

    var calls: Int { state.withLock { $0.calls } }
    func open() { state.withLock { $0.isOpen = true } }

    func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError) -> RulesDecision {
        try await behind.put(rules, in: context)
    }

    func remove(
        _ eventID: String, version: Int64, in context: CallContext
    ) async throws(ServiceCallError) -> RulesDecision {
        try await behind.remove(eventID, version: version, in: context)
    }

    func stock(of known: [String: Int64], in context: CallContext) async throws(ServiceCallError) -> StockReport {
        state.withLock { $0.calls += 1 }
        let report = try await behind.stock(of: known, in: context)
        while !state.withLock({ $0.isOpen }) { await Task.yield() }
        return report
    }
}
