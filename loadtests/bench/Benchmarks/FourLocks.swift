/// P4: what more keys in one acquisition cost.
struct FourLocks: Benchmark {
    let id = "P4"
    let summary = "four keys taken and released at once against one key"

    private static let four = "four keys"
    private static let one = "one key"

    var comparisons: [Comparison] {
        [
            Comparison(
                "pairs of acquire and release per s", .init(Self.four, .rate), to: .init(Self.one, .rate),
                .atLeast(0.5))
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await LockStage.with { stage in
            try await rounds.measure([
                Contender(Self.four, stage.pairs(keys: 4)), Contender(Self.one, stage.pairs(keys: 1)),
            ])
        }
    }
}
