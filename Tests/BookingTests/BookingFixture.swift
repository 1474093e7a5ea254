import Contracts
import DatabaseKit
import Foundation
import HTTPKit
import Logging
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import booking

/// The booking service without HTTP, on a real database, between an inventory and a payment that misbehave on demand.
final class BookingFixture: Sendable {
    let clock = ManualClock()
    let directory: TemporaryDirectory
    let database: any Database
    let inventory: FakeInventory
    let payment = FakePayment()
    let events = FakeEvents()
    let accounts = FakeAccounts()
    let timing = RecoveryTiming()
    let store: SagaStore
    let bookings: BookingStore
    let cancellations: CancellationStore
    private let stops = Mutex<[String]>([])
    private let gate = Mutex<(point: String, gate: Gate)?>(nil)

    init() async throws {
        directory = try TemporaryDirectory("booking")
        database = try await TestDatabase.open(in: directory, name: "booking")
        try await database.migrate(BookingMigrations.all)
        inventory = FakeInventory(clock: clock)
        store = SagaStore(database: database, clock: clock)
        bookings = BookingStore(database: database)
        cancellations = CancellationStore(database: database, clock: clock)
        events.put(FakeInventory.eventID, on: clock.now() + .seconds(30 * 86_400))
    }

    // MARK: What is under test

    private func runner(_ reach: @escaping @Sendable (SagaPoint) async throws -> Void) -> SagaRunner {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return SagaRunner(
            effects: SagaEffects(
                reservations: inventory, charges: payment, clock: clock, timing: timing, logger: logger),
            store: store, clock: clock, timing: timing, logger: logger, reach: reach)
    }

    func confirm(
        _ reservationID: String, key: String, userID: String = "ada", payment: PaymentMethod? = .token("tok_visa"),
        fingerprint: String? = nil
    ) async throws -> ConfirmBooking.Answer {
        let confirm = ConfirmBooking(
            store: store, reservations: inventory, runner: runner { try await self.pass($0.rawValue) }, clock: clock,
            timing: timing, process: "request")
        return try await confirm.execute(
            ConfirmBooking.Order(
                userID: userID, subject: .reservation(reservationID), payment: payment,
                key: try #require(IdempotencyKey(key)), fingerprint: fingerprint ?? "\(reservationID) \(key)"),
            .background(within: .seconds(10)))
    }

    /// One look of the recovery worker; `stopsAtPoints` lets it fall over as requests do.
    @discardableResult
    func recover(process: String = "worker", stopsAtPoints: Bool = false, batchMax: Int = 64) async throws -> Int {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let runner = runner { point in if stopsAtPoints { try await self.pass(point.rawValue) } }
        return try await RecoverBookings(
            store: store, runner: runner, clock: clock, timing: timing, process: process, batchMax: batchMax,
            concurrencyMax: 4, logger: logger
        ).execute()
    }

    /// Lets time pass and recovery work until nothing is unfinished; fails when that never comes.
    func recoverAll(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<60 {
            if try await unfinished() == 0 { return }
            clock.advance(by: timing.lease + .seconds(1))
            try await recover()
            try await recoverCancellations()
        }
        Issue.record("a booking is never finished", sourceLocation: sourceLocation)
    }

    func unfinished() async throws -> Int {
        try await database.read { session in
            let bookings = try session.first("SELECT COUNT(*) FROM bookings WHERE phase <> 'done'")?.int(0) ?? 0
            let others = try session.first("SELECT COUNT(*) FROM cancellations WHERE phase <> 'done'")?.int(0) ?? 0
            return bookings + others
        }
    }

    /// The service's own parts around the fixture's world, but for the points.
    func parts(stopsAtPoints: Bool = true) -> FixtureParts { FixtureParts(self, stopsAtPoints: stopsAtPoints) }

    // MARK: Stopping and stalling at points

    struct Stopped: Error {}

    /// A place where the saga waits until the test lets it go on.
    final class Gate: Sendable {
        let arrived = AsyncStream<Void>.makeStream()
        let opened = AsyncStream<Void>.makeStream()

        func waitUntilArrived() async { for await _ in arrived.stream { return } }
        func open() { opened.continuation.yield() }
    }

    /// The next pass of each of `points`, in this order, ends its worker.
    func stop(at points: SagaPoint...) { stops.withLock { $0 = points.map(\.rawValue) } }

    func stop(at points: CancellationPoint...) { stops.withLock { $0 = points.map(\.rawValue) } }

    /// From now on everything goes on.
    func stop() { stops.withLock { $0 = [] } }

    /// Whether a stop waits for its point still.
    var isToStop: Bool { stops.withLock { !$0.isEmpty } }

    /// Forgets a stall that nobody came by.
    func stallNowhere() { gate.withLock { $0 = nil } }

    func stall(at point: SagaPoint) -> Gate { stall(at: point.rawValue) }

    func stall(at point: CancellationPoint) -> Gate { stall(at: point.rawValue) }

    private func stall(at point: String) -> Gate {
        let new = Gate()
        gate.withLock { $0 = (point, new) }
        return new
    }

    func pass(_ point: String) async throws {
        let stalled = gate.withLock { waiting -> Gate? in
            guard let found = waiting, found.point == point else { return nil }
            waiting = nil
            return found.gate
        }
        if let stalled {
            stalled.arrived.continuation.yield()
            for await _ in stalled.opened.stream { break }
        }
        let stops = stops.withLock { stops in
            guard stops.first == point else { return false }
            stops.removeFirst()
            return true
        }
        if stops { throw Stopped() }
    }
}
