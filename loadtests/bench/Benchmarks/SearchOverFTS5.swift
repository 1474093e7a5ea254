import TestSupport

/// P15: the search service on 100,000 events beside the bare query of its engine, one caller each.
struct SearchOverFTS5: Benchmark {
    let id = "P15"
    let summary = "GET /api/search over 100,000 events against FTS5's own MATCH, bm25 order and LIMIT 20"

    private static let search = "search"
    private static let raw = "raw FTS5"

    var comparisons: [Comparison] {
        [
            Comparison(
                "searches per s, one caller", .init(Self.search, .rate), to: .init(Self.raw, .rate), .atLeast(0.5))
        ]
    }

    func run(_ rounds: Rounds) async throws {
        let catalogue = SearchCatalogue(count: 100_000)
        let port = try FreePort.find()
        let server = Task { try await CatalogueServer(catalogue: catalogue, port: port).run() }
        defer { server.cancel() }
        try await eventually("the catalogue is served") { LocalPort.accepts(port) }
        let stage = try await SearchStage.start(catalogue: port, rounds)
        let result: Result<Void, any Error>
        do {
            try await Self.measure(stage, catalogue, rounds)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await stage.stop()
        try result.get()
    }

    private static func measure(_ stage: SearchStage, _ catalogue: SearchCatalogue, _ rounds: Rounds) async throws {
        rounds.note("indexing for the reference")
        let bare = try await RawFTS5(catalogue)
        let queries = catalogue.queries()
        let result: Result<Void, any Error>
        do {
            try await rounds.measure([
                Contender(search) { options in try await stage.load(queries, options) },
                Contender(raw) { options in try await bare.load(queries, options) },
            ])
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await bare.close()
        try result.get()
    }
}
