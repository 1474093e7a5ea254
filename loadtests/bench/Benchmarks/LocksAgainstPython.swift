/// P3: locks beside the ones most people use.
struct LocksAgainstPython: Benchmark {
    let id = "P3"
    let summary = "LockKit against the Lock of redis-py's asyncio client, 64 tasks each"

    private static let locks = "LockKit"
    private static let python = "redis.asyncio"

    var comparisons: [Comparison] {
        [
            Comparison(
                "pairs of acquire and release per s", .init(Self.locks, .rate), to: .init(Self.python, .rate),
                .atLeast(15))
        ]
    }

    func run(_ rounds: Rounds) async throws {
        guard await PythonLocks.isAvailable(in: rounds.options.python) else {
            throw BenchmarkUnavailable(
                reason: "\(rounds.options.python) has no redis-py; install python3-redis, or name another with --python"
            )
        }
        try await LockStage.with { stage in
            try await rounds.measure([
                Contender(Self.locks, stage.pairs(keys: 1)),
                Contender(Self.python) { try await PythonLocks(redis: stage.redis).pairs($0) },
            ])
        }
    }
}
