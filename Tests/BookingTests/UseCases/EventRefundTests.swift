import Contracts
import Synchronization
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct EventRefundTests {
    private static let eventID = FakeInventory.eventID

    private func cancelEvent(_ fixture: BookingFixture, version: Int64 = 2) async throws {
        fixture.inventory.cancelledEvents.withLock { _ = $0.insert(Self.eventID) }
        fixture.events.put(
            Self.eventID, on: fixture.clock.now() + .seconds(30 * 86_400), status: .cancelled, version: version)
        try await fixture.parts().follow.catchUp()
    }

    /// Lets workers work until the event's refunds are done.
    private func finish(_ fixture: BookingFixture, batchMax: Int = 64) async throws {
        let refunds = fixture.parts(stopsAtPoints: false).refunds(batchMax: batchMax)
        for _ in 0..<50 {
            if try await refunds.jobs.progress(of: Self.eventID).state == .done { return }
            if try await refunds.execute() > 0 { continue }
            fixture.clock.advance(by: fixture.timing.lease + .seconds(1))
            try await fixture.recover()
            try await fixture.recoverCancellations()
        }
        Issue.record("the refunds of the event are never done")
    }

    @Test func `every booking of a cancelled event is refunded, and how far that is can be seen`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for index in 0..<7 { _ = try await fixture.buy(seats: ["A-\(index)-1"], places: 1, by: "buyer\(index)") }
        // The newest, so that it is not among the first to be refunded.
        fixture.clock.advance(by: .seconds(1))
        _ = try await fixture.buy(seats: ["free"], isFree: true)
        #expect(try await parts.jobs.progress(of: Self.eventID).state == .none)
        try await cancelEvent(fixture)
        let refunds = parts.refunds(batchMax: 3)
        #expect(try await refunds.execute() == 1)
        let running = try await parts.jobs.progress(of: Self.eventID)
        #expect(running.state == .running && running.bookings == 8 && running.refunded == 3)
        #expect(running.amountRefunded.minorUnits(of: .usd) == 19_500)
        #expect(running.startedAt != nil && running.finishedAt == nil)
        try await finish(fixture, batchMax: 3)
        let done = try await parts.jobs.progress(of: Self.eventID)
        #expect(done.state == .done && done.bookings == 8 && done.refunded == 8 && done.finishedAt != nil)
        #expect(done.amountRefunded.minorUnits(of: .usd) == 45_500)
        let all = try await fixture.bookings.bookings(ofEvent: Self.eventID, after: "", limit: 100)
        #expect(all.allSatisfy { $0.booking.status == .cancelled })
        #expect(fixture.inventory.faults.count(.beginRefunds) == 1)
        try await fixture.expectPromisesKept()
    }

    @Test func `somebody who was let in gets the money back too, and nobody gets it twice`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy(seats: ["A-1-1", "A-1-2", "A-1-3"])
        _ = try await parts.checkIn(try await parts.code(bought.tickets[0].id))
        _ = try await parts.cancel(bought.booking.id, [bought.tickets[1].id])
        try await cancelEvent(fixture)
        try await finish(fixture)
        let booking = try await fixture.again(bought).booking
        #expect(booking.status == .cancelled && booking.paymentStatus == .refunded)
        #expect(fixture.payment[booking.chargeKey]?.refunds.values.sorted() == [4500, 9000])
        try await fixture.expectPromisesKept()
    }

    @Test func `a purchase whose outcome came after the cancellation is refunded too`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold(seats: ["A-1-1"])
        fixture.stop(at: .afterCommit)
        _ = try? await fixture.confirm(id, key: "k")
        try await cancelEvent(fixture)
        let refunds = fixture.parts().refunds()
        #expect(try await refunds.execute() == 0)
        #expect(try await refunds.jobs.progress(of: Self.eventID).state == .none)
        try await finish(fixture)
        #expect(try await fixture.found(id).first?.booking.status == .cancelled)
        try await fixture.expectPromisesKept()
    }

    @Test func `an event that is back on sale before anything was given back keeps its bookings`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        try await cancelEvent(fixture)
        fixture.inventory.cancelledEvents.withLock { $0 = [] }
        #expect(try await parts.refunds().execute() == 0)
        #expect(try await fixture.again(bought) == bought)
        #expect(try await parts.jobs.progress(of: Self.eventID).state == .none)
        // Cancelled for good some time later.
        try await cancelEvent(fixture, version: 4)
        try await finish(fixture)
        #expect(try await fixture.again(bought).booking.status == .cancelled)
        try await fixture.expectPromisesKept()
    }

    @Test func `an event that nobody bought leaves the way back open`() async throws {
        let fixture = try await BookingFixture()
        try await cancelEvent(fixture)
        _ = try await fixture.parts().refunds().execute()
        #expect(fixture.inventory.faults.count(.beginRefunds) == 0)
    }

    @Test func `a worker that dies anywhere is followed by another, which goes on`() async throws {
        for point in CancellationPoint.allCases where point != .recorded {
            let fixture = try await BookingFixture()
            for index in 0..<4 { _ = try await fixture.buy(seats: ["A-\(index)-1"]) }
            try await cancelEvent(fixture)
            fixture.stop(at: point)
            _ = try? await fixture.parts().refunds(batchMax: 2).execute()
            fixture.stop()
            try await finish(fixture, batchMax: 2)
            let progress = try await fixture.parts().jobs.progress(of: Self.eventID)
            #expect(progress.bookings == 4 && progress.refunded == 4, "\(point.rawValue)")
            try await fixture.expectPromisesKept("\(point.rawValue)")
        }
    }

    @Test func `two replicas never cancel a booking twice`() async throws {
        let fixture = try await BookingFixture()
        for index in 0..<12 { _ = try await fixture.buy(seats: ["A-\(index)-1"]) }
        try await cancelEvent(fixture)
        let (one, two) = (fixture.parts().refunds("one", batchMax: 2), fixture.parts().refunds("two", batchMax: 2))
        await withTaskGroup(of: Void.self) { group in
            for refunds in [one, two] {
                group.addTask { for _ in 0..<8 { _ = try? await refunds.execute() } }
            }
        }
        try await finish(fixture)
        #expect(fixture.payment.all.values.allSatisfy { $0.refunds.count == 1 })
        try await fixture.expectPromisesKept()
    }

    @Test func `a feed that began anew is read from its beginning`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for version in 1...3 {
            fixture.events.put(
                Self.eventID, on: fixture.clock.now() + .seconds(86_400), version: Int64(version), owner: "first")
        }
        try await parts.follow.catchUp()
        fixture.events.beginAnew()
        fixture.events.put(Self.eventID, on: fixture.clock.now() + .seconds(86_400), version: 1, owner: "second")
        try await parts.follow.catchUp()
        #expect(try await parts.known.event(Self.eventID, parts.call)?.ownerID == "second")
    }

    @Test func `an older version never replaces a newer one`() async throws {
        let fixture = try await BookingFixture()
        let store = EventCopyStore(database: fixture.database)
        let date = fixture.clock.now()
        func copy(_ version: Int64, _ status: EventStatus) -> EventCopy {
            EventCopy(id: Self.eventID, version: version, ownerID: "olga", status: status, eventDate: date)
        }
        try await store.apply([copy(5, .cancelled)], upTo: 9, at: date)
        try await store.apply([copy(4, .active)], upTo: 7, at: date)
        #expect(try await store.event(Self.eventID)?.status == .cancelled)
        #expect(try await store.position() == 9)
    }
}
