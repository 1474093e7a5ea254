import TestSupport

/// P15 on the scaled profile's database.
struct SearchOverPostgres: Benchmark {
    let id = "P15-PG"
    let summary = "GET /api/search over 100,000 events against PostgreSQL's own @@, ts_rank order and LIMIT 20"

    var comparisons: [Comparison] { SearchEngineBench.comparisons }

    func run(_ rounds: Rounds) async throws {
        let cluster = try await PrivatePostgres.start(
            .init(synchronous: true, settings: SaleStage.postgresSettings))
        defer { cluster.stop() }
        let (own, bare) = (
            cluster.url(try await cluster.createDatabase()), cluster.url(try await cluster.createDatabase())
        )
        try await SearchEngineBench.serving { catalogue, port in
            let stage = try await SearchStage.start(catalogue: port, database: own, rounds)
            try await finishing {
                rounds.note("indexing for the reference")
                let raw = try await RawPostgres(catalogue, bare)
                try await finishing {
                    try await SearchEngineBench.measure(stage, beside: raw, catalogue, rounds)
                } _: {
                    await raw.close()
                }
            } _: {
                await stage.stop()
            }
        }
    }
}
