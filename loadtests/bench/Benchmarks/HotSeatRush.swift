import Checker
import Contracts
import LoadKit
import TestSupport

/// R2: a crowd on a few seats, beside one that has room.
struct HotSeatRush: Benchmark {
    let database: StageDatabase

    var id: String { "R2\(database.suffix)" }
    var summary: String {
        "seats won and given back, 1,000 buyers on 100 seats against 1,000 buyers on 100,000, \(database.rawValue)"
    }

    private static let crowded = "100 seats"
    private static let roomy = "100,000 seats"
    private static let buyers = 1000

    var comparisons: [Comparison] {
        [
            Comparison(
                "seats won and given back per s", .init(Self.crowded, .rate), to: .init(Self.roomy, .rate)),
            Comparison("p99 until given back, ms", .init(Self.crowded, .p99), to: .init(Self.roomy, .p99)),
            Comparison(
                "CPU of inventory, µs", .init(Self.crowded, .cpu("inventory")),
                to: .init(Self.roomy, .cpu("inventory"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await SaleStage.with(database) { stage in
            try await rounds.measure([
                Contender(Self.crowded) { try await Self.rush(stage, seats: 100, $0) },
                Contender(Self.roomy) { try await Self.rush(stage, seats: 100_000, $0) },
            ])
        }
    }

    private static func rush(_ stage: SaleStage, seats: Int, _ options: RunOptions) async throws -> Sample {
        let hall = LoadHall(seats: seats)
        let admin = try await stage.stack.admin()
        let event = try await admin.createEvent(hall.event("Benchmark", now: SystemClock().now()))
        let hot = HotSeats(
            eventID: event.id, seatNumbers: hall.seatNumbers, tokens: Array(try await stage.buyers().prefix(buyers)),
            gateway: stage.stack.gateway)
        return try await LoadGenerator.shared.measure(
            stage.stack.gateway, options, try stage.meter([.gateway, .inventory])
        ) { HotSeatsScript(hot, connection: $0) }
    }
}
