/// R1: what orders of other kinds cost, beside the pair of seats that P7 measures.
struct OrderKinds: Benchmark {
    let database: StageDatabase

    var id: String { "R1\(database.suffix)" }
    var summary: String {
        "reservations of other kinds against those of 2 seats by number, through the gateway on \(database.rawValue)"
    }

    private static let pairs = "2 seats"
    private static let others: [(name: String, kind: OrderKind)] = [
        ("1 seat", .seats(1)), ("4 seats", .seats(4)), ("the 2 best seats", .best(2)),
        ("2 places of one hot type", .general(2)),
    ]

    var comparisons: [Comparison] {
        Self.others.flatMap { name, _ in
            [
                Comparison("reservations/s, \(name)", .init(name, .rate), to: .init(Self.pairs, .rate)),
                Comparison("p99, ms", .init(name, .p99), to: .init(Self.pairs, .p99)),
                Comparison(
                    "CPU of inventory, µs", .init(name, .cpu("inventory")), to: .init(Self.pairs, .cpu("inventory"))),
            ]
        }
    }

    func run(_ rounds: Rounds) async throws {
        try await SaleStage.with(database) { stage in
            try await rounds.measure(
                ([(Self.pairs, .seats(2))] + Self.others).map { name, kind in
                    Contender(name) { try await stage.reserve($0, of: kind) }
                })
        }
    }
}
