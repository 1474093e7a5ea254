import TestSupport

/// How long it takes to make the index of 100,000 events anew, beside filling a bare table with the same texts.
struct IndexRebuild: Benchmark {
    let id = "P15-REBUILD"
    let summary = "making the index of 100,000 events anew against filling bare full-text tables with their texts"

    private static let sqlite = "rebuild on SQLite"
    private static let postgres = "rebuild on PostgreSQL"
    private static let rawFTS5 = "raw FTS5"
    private static let rawPostgres = "raw PostgreSQL"

    var comparisons: [Comparison] {
        [
            Comparison("seconds on SQLite", .init(Self.sqlite, .seconds), to: .init(Self.rawFTS5, .seconds)),
            Comparison("seconds on PostgreSQL", .init(Self.postgres, .seconds), to: .init(Self.rawPostgres, .seconds)),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        let cluster = try await PrivatePostgres.start(
            .init(synchronous: true, settings: SaleStage.postgresSettings))
        defer { cluster.stop() }
        let own = cluster.url(try await cluster.createDatabase())
        try await SearchEngineBench.serving { catalogue, port in
            let onSQLite = try await SearchStage.start(catalogue: port, rounds)
            try await finishing {
                let onPostgres = try await SearchStage.start(catalogue: port, database: own, rounds)
                try await finishing {
                    try await rounds.measure([
                        Contender(Self.sqlite) { _ in try await Self.timed { _ = try await onSQLite.rebuild() } },
                        Contender(Self.rawFTS5) { _ in
                            try await Self.timed { try await RawFTS5(catalogue).close() }
                        },
                        Contender(Self.postgres) { _ in try await Self.timed { _ = try await onPostgres.rebuild() } },
                        Contender(Self.rawPostgres) { _ in
                            let bare = cluster.url(try await cluster.createDatabase())
                            return try await Self.timed { try await RawPostgres(catalogue, bare).close() }
                        },
                    ])
                } _: {
                    await onPostgres.stop()
                }
            } _: {
                await onSQLite.stop()
            }
        }
    }

    private static func timed(_ work: () async throws -> Void) async throws -> Sample {
        let began = ContinuousClock.now
        try await work()
        return Sample([.seconds: (ContinuousClock.now - began) / .seconds(1)])
    }
}

extension Figure {
    /// How long something that is done once took.
    static let seconds = Figure(rawValue: "seconds")
}
