/// One side of a comparison: a name, and a way to measure it once.
struct Contender: Sendable {
    let name: String
    let measure: @Sendable (_ options: RunOptions) async throws -> Sample

    init(_ name: String, _ measure: @escaping @Sendable (_ options: RunOptions) async throws -> Sample) {
        self.name = name
        self.measure = measure
    }
}

/// What the user asked for.
struct RunOptions: Sendable {
    let rounds: Int
    /// How long each contender is measured in a round.
    let duration: Duration
    /// A Python interpreter with redis-py.
    let python: String

    /// How long a load runs before it is measured: connections are made, caches and branch predictors warm.
    var warmUp: Duration { min(duration / 4, .seconds(1)) }
}
