import Checker
import Contracts
import LoadKit
import TestSupport

/// R3: how quickly a stadium is on sale, and what it takes from memory once seats are chosen in it.
struct SeatCreation: Benchmark {
    let database: StageDatabase

    var id: String { "R3\(database.suffix)" }
    var summary: String {
        "an event of 200,000 seats: made and on sale, and its memory in inventory, \(database.rawValue)"
    }

    private static let stadium = "stadium"
    private static let seats = 200_000
    private static let perSeats = 100_000.0
    private static let held = Figure(rawValue: "memory.held")

    var comparisons: [Comparison] {
        [
            Comparison("seats/s until the event is on sale", .init(Self.stadium, .rate)),
            Comparison("MiB of inventory per 100,000 seats", .init(Self.stadium, Self.held)),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        // A fresh start for each round: memory only grows within one.
        try await rounds.measure([
            Contender(Self.stadium) { _ in try await SaleStage.with(database) { try await Self.measure($0) } }
        ])
    }

    private static func measure(_ stage: SaleStage) async throws -> Sample {
        let admin = try await stage.stack.admin()
        let meter = try stage.meter([.inventory])
        // What the first event of all takes is not its seats'.
        let first = LoadHall(seats: 100)
        try await choose(stage, try await admin.createEvent(first.event("First", now: SystemClock().now())))
        let before = try meter.memoryMiB()["inventory"] ?? 0
        let start = ContinuousClock.now
        let event = try await admin.createEvent(LoadHall(seats: seats).event("Stadium", now: SystemClock().now()))
        let duration = ContinuousClock.now - start
        try await choose(stage, event)
        let after = try meter.memoryMiB()["inventory"] ?? 0
        return Sample([
            .rate: Double(seats) / (duration / .seconds(1)),
            held: (after - before) * perSeats / Double(seats),
        ])
    }

    private static func choose(_ stage: SaleStage, _ event: EventDocument) async throws {
        let buyer = try await stage.stack.client().signUpGuest()
        let reply = try await buyer.reserve(
            ReservationRequest(eventId: event.id, bestAvailable: .init(quantity: 4)))
        guard reply.status == 201 else { throw UnexpectedReply(status: reply.status, text: reply.text) }
    }
}
