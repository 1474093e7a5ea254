import Contracts
import Dispatch
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import DatabaseKit
@testable import inventory

/// Reservations that share a commit come out as if each had been alone.
@Suite(.onBothDatabases) struct ReserveBatchTests {
    private let fixture: InventoryFixture

    init() async throws {
        fixture = try await InventoryFixture(rows: 4, seatsPerRow: 10)
    }

    @Test("each gets its seats, with counters, lines and deadlines of its own")
    func granted() async throws {
        let outcomes = try await together(
            (1...20).map { number in { try await hold([seat(number)], by: "u\(number)") } })
        let reservations = try outcomes.map { try $0.get() }
        for (number, reservation) in zip(1...20, reservations) {
            #expect(reservation.lines.flatMap(\.seatNumbers) == [seat(number)])
            #expect(try await fixture.reservations.find(reservation.id) == reservation)
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 20)
    }

    @Test("of those who want the same seat one gets it, and the others hear which seats are gone")
    func contended() async throws {
        let outcomes = try await together(
            (1...10).map { number in { try await hold([seat(1), seat(number + 1)].sorted(), by: "u\(number)") } })
        let won = outcomes.compactMap { try? $0.get() }
        #expect(won.count == 1)
        for outcome in outcomes {
            guard case .failure(let error) = outcome else { continue }
            #expect(error as? ReservationRefusal == .seatsUnavailable([seat(1)]))
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 2)
    }

    @Test("what one buyer holds counts across the orders of a commit")
    func holdLimit() async throws {
        let outcomes = try await together(
            (1...6).map { number in { try await hold([seat(number)], by: "ada", placesPerUserMax: 4) } })
        #expect(outcomes.count { (try? $0.get()) != nil } == 4)
        #expect(outcomes.compactMap { refusal($0) }.allSatisfy { $0 == .holdLimit(max: 4) })
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 4)
    }

    @Test("a key that comes twice in one commit is one reservation, and both hear of it")
    func sameKey() async throws {
        let key = try #require(IdempotencyKey("double-click"))
        let order = IdempotentOrder(userID: "ada", key: key, fingerprint: "f")
        let executed = Atomic(0)
        let outcomes = try await together(
            (0..<5).map { _ in
                {
                    let outcome = try await fixture.attempt(.seats([seat(7)]), by: "ada", idempotency: order)
                    if case .executed = outcome { executed.add(1, ordering: .relaxed) }
                    guard case .repeated(.replay(let reply)) = outcome else { return "" }
                    return reply.body
                }
            })
        #expect(executed.load(ordering: .relaxed) == 1)
        let replies = try outcomes.map { try $0.get() }.filter { !$0.isEmpty }
        #expect(replies.count == 4)
        #expect(Set(replies).count == 1)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("a hold past its end gives way, a stale fence takes nothing, an unknown seat is named, others are served")
    func leftOver() async throws {
        let old = try await hold([seat(1)], by: "old")
        fixture.clock.advance(by: fixture.timing.hold + .seconds(1))
        try await fixture.reserve(.seats([seat(2)]), by: "fenced", fence: 9)
        try await fixture.reservations.release(
            try await fixture.reservations.reservations(
                of: "fenced", activeAt: nil, page: PageRequest(page: 1, pageSize: 10)
            ).page[0].id,
            by: "fenced", at: fixture.clock.now())
        let attempts: [@Sendable () async throws -> Reservation] = [
            { try await hold([seat(1)], by: "new") },
            { try await fixture.reserve(.seats([seat(2)]), by: "late", fence: 3) },
            { try await hold(["Z-9-9"], by: "lost") },
            { try await fixture.reserve(.seats([seat(3)]), by: "fine", fence: 4) },
        ]
        let outcomes = try await together(attempts)
        #expect(outcomes.map { refusal($0) } == [nil, .fenced, .seatsUnknown(["Z-9-9"]), nil])
        #expect(try await fixture.reservations.find(old.id)?.storedStatus == .expired)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 2)
    }

    /// Runs `attempts` so that all of them wait for the same commit.
    private func together<Value: Sendable>(
        _ attempts: [@Sendable () async throws -> Value]
    ) async throws -> [Result<Value, any Error>] {
        let gate = DispatchSemaphore(value: 0)
        let hangs = Atomic(false)
        let hanging = Task { [database = fixture.database] in
            try await database.write { _ in
                hangs.store(true, ordering: .relaxed)
                gate.wait()
                // What shares its commit may make it run again.
                gate.signal()
            }
        }
        try await eventually { hangs.load(ordering: .relaxed) }
        let tasks = attempts.map { attempt in Task { try await attempt() } }
        defer { gate.signal() }
        try await eventually { waiting == attempts.count }
        gate.signal()
        try await hanging.value
        var outcomes: [Result<Value, any Error>] = []
        for task in tasks { outcomes.append(await task.result) }
        return outcomes
    }

    private var waiting: Int? {
        (fixture.database as? SQLiteDatabase)?.writer.waiting ?? (fixture.database as? PostgresDatabase)?.writer.waiting
    }

    private func hold(
        _ seats: [String], by userID: String, placesPerUserMax: Int = 100
    ) async throws -> Reservation {
        try await fixture.reserve(.seats(seats), by: userID, placesPerUserMax: placesPerUserMax)
    }

    private func seat(_ number: Int) -> String { "A-\((number - 1) / 10 + 1)-\((number - 1) % 10 + 1)" }

    private func refusal<Value>(_ outcome: Result<Value, any Error>) -> ReservationRefusal? {
        guard case .failure(let error) = outcome else { return nil }
        return error as? ReservationRefusal
    }
}
