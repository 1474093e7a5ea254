import Contracts
import TestSupport

/// P9: whole purchases beside reservations alone.
struct Purchases: Benchmark {
    let id = "P9"
    let summary = "purchases through the gateway (reserve, pay, tickets) against reservations alone, SQLite"

    private static let purchases = "purchases"
    private static let reservations = "reservations"

    var comparisons: [Comparison] {
        [
            Comparison(
                "purchases/s against reservations/s", .init(Self.purchases, .rate),
                to: .init(Self.reservations, .rate), .atLeast(0.25)),
            Comparison("p99 of a purchase, ms", .init(Self.purchases, .p99)),
            Comparison("CPU of booking, µs a purchase", .init(Self.purchases, .cpu("booking"))),
            Comparison("CPU of inventory, µs a purchase", .init(Self.purchases, .cpu("inventory"))),
            Comparison("CPU of payment, µs a purchase", .init(Self.purchases, .cpu("payment"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await SaleStage.with { stage in
            try await rounds.measure([
                Contender(Self.purchases) { try await stage.purchase($0) },
                Contender(Self.reservations) { try await stage.reserve($0) },
            ])
        }
    }
}

extension SaleStage {
    /// Sells pairs of seats as fast as they can be paid.
    fileprivate func purchase(_ options: RunOptions) async throws -> Sample {
        let sale = try await newSale(options)
        return try await LoadGenerator.shared.measure(
            stack.gateway, options, try meter([.gateway, .inventory, .booking, .payment])
        ) { _ in PurchaseScript(sale) }
    }
}
