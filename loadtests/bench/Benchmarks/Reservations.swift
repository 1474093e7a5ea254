import Contracts
import Foundation
import TestSupport

/// P7: the hot path whole, beside the emptiest service that this framework allows behind the usual proxy.
struct Reservations: Benchmark {
    let id = "P7"
    let summary = "durable reservations of 2 seats through the gateway on SQLite, against nginx before an empty service"

    private static let reservations = "reservations"
    private static let keyed = "with idempotency keys"
    private static let empty = "nginx + empty service"

    var comparisons: [Comparison] {
        [
            Comparison(
                "reservations/s against empty requests/s", .init(Self.reservations, .rate),
                to: .init(Self.empty, .rate), .atLeast(0.6)),
            Comparison("p99, ms", .init(Self.reservations, .p99), .atMost(15)),
            Comparison(
                "reservations/s, each with an Idempotency-Key", .init(Self.keyed, .rate),
                to: .init(Self.empty, .rate)),
            Comparison(
                "CPU of inventory against the empty service, µs", .init(Self.reservations, .cpu("inventory")),
                to: .init(Self.empty, .cpu("service"))),
            Comparison(
                "CPU of the gateway against nginx, µs", .init(Self.reservations, .cpu("gateway")),
                to: .init(Self.empty, .cpu("nginx"))),
            Comparison("CPU of Redis, µs", .init(Self.reservations, .cpu("redis"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        let service = try await EmptyService.start()
        let nginx = try await Nginx.proxy(to: service.endpoint)
        try await SaleStage.with { stage in
            try await rounds.measure([
                Contender(Self.reservations) { try await stage.reserve($0) },
                Contender(Self.keyed) { try await stage.reserve($0, keyed: true) },
                Contender(Self.empty) { try await Self.loadEmpty(nginx, service, $0) },
            ])
        }
    }

    private static func loadEmpty(
        _ nginx: HelperProcess, _ service: HelperProcess, _ options: RunOptions
    ) async throws -> Sample {
        let now = SystemClock().now()
        let head = RequestBytes.postHead(
            ReservationRequests.path, of: nginx.endpoint, accessToken: String(repeating: "x", count: 300))
        let body = ReservationRequests.body(eventID: UUIDv7.make(at: now), seats: ["S1-1-1", "S1-1-2"])
        let request = RequestBytes.complete(head, key: nil, body: body)
        return try await LoadGenerator.shared.measure(
            nginx.endpoint, options, ProcessMeter(["nginx": nginx.identifier, "service": service.identifier])
        ) { _ in RepeatedRequest(request) }
    }
}

extension SaleStage {
    /// Reserves as fast as it is granted, pairs of seats unless another kind is asked for.
    func reserve(
        _ options: RunOptions, of kind: OrderKind = .seats(2), keyed: Bool = false
    ) async throws -> Sample {
        let sale = try await newSale(options, of: kind, keyed: keyed)
        return try await LoadGenerator.shared.measure(
            stack.gateway, options, try meter([.gateway, .inventory])
        ) { _ in ReservationScript(sale) }
    }
}
