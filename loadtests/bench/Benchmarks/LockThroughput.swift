/// P2: locks beside what the server can do at all.
struct LockThroughput: Benchmark {
    let id = "P2"
    let summary = "LockKit taking and releasing one key, 64 tasks, against redis-benchmark SET NX PX, 50 clients"

    private static let locks = "LockKit"
    private static let tool = "redis-benchmark"

    var comparisons: [Comparison] {
        [
            Comparison(
                "pairs of acquire and release against single commands, per s", .init(Self.locks, .rate),
                to: .init(Self.tool, .rate), .atLeast(0.75)),
            Comparison("client's CPU, µs a pair", .init(Self.locks, .cpu("client"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await LockStage.with { stage in
            try await rounds.measure([
                Contender(Self.locks, stage.pairs(keys: 1)),
                Contender(Self.tool) { try await stage.redisBenchmark($0) },
            ])
        }
    }
}
