/// P15: the search service on SQLite, beside the bare query of its engine.
struct SearchOverFTS5: Benchmark {
    let id = "P15"
    let summary = "GET /api/search over 100,000 events against FTS5's own MATCH, bm25 order and LIMIT 20"

    var comparisons: [Comparison] { SearchEngineBench.comparisons }

    func run(_ rounds: Rounds) async throws {
        try await SearchEngineBench.serving { catalogue, port in
            let stage = try await SearchStage.start(catalogue: port, rounds)
            try await finishing {
                rounds.note("indexing for the reference")
                let raw = try await RawFTS5(catalogue)
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
