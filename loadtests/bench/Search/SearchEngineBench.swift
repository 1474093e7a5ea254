import Contracts
import TestSupport

/// What the benchmarks of search have in common: a catalogue of 100,000 events, served to a search service that has
/// indexed it, beside a bare table with the same texts.
struct SearchEngineBench {
    static let search = "search"
    static let raw = "raw search"
    static let suggest = "suggest"
    static let rawSuggest = "raw suggest"
    static let searchAtOnce = "search, 64 at once"
    static let rawAtOnce = "raw search, 64 at once"
    static let suggestAtOnce = "suggest, 64 at once"

    static let events = 100_000

    static var comparisons: [Comparison] {
        [
            Comparison("searches/s, one caller", .init(search, .rate), to: .init(raw, .rate), .atLeast(0.5)),
            Comparison("suggestions/s, one caller", .init(suggest, .rate), to: .init(rawSuggest, .rate)),
            Comparison("searches/s, 64 at once", .init(searchAtOnce, .rate), to: .init(rawAtOnce, .rate)),
            Comparison("p99, ms", .init(searchAtOnce, .p99)),
            Comparison("CPU of search, µs", .init(searchAtOnce, .cpu("search"))),
            Comparison("suggestions/s, 64 at once", .init(suggestAtOnce, .rate)),
            Comparison("p99, ms", .init(suggestAtOnce, .p99)),
        ]
    }

    /// Runs `body` while a catalogue of `count` events is served.
    static func serving(
        _ count: Int = events, _ body: (_ catalogue: SearchCatalogue, _ port: Int) async throws -> Void
    ) async throws {
        let catalogue = SearchCatalogue(count: count)
        let port = try FreePort.find()
        let server = Task { try await CatalogueServer(catalogue: catalogue, port: port).run() }
        defer { server.cancel() }
        try await eventually(within: .seconds(10), "the catalogue is served") { LocalPort.accepts(port) }
        try await body(catalogue, port)
    }

    /// Measures a service beside a bare table of the same engine.
    static func measure(
        _ stage: SearchStage, beside raw: some RawText, _ catalogue: SearchCatalogue, _ rounds: Rounds
    ) async throws {
        let (queries, beginnings) = (catalogue.queries(), catalogue.beginnings())
        let (searches, suggestions) = (SearchStage.searches(queries), SearchStage.suggestions(beginnings))
        try await rounds.measure([
            Contender(search) { try await stage.load(searches, $0) },
            Contender(Self.raw) { try await raw.load(queries, $0) { try await $0.search($1) } },
            Contender(suggest) { try await stage.load(suggestions, $0) },
            Contender(rawSuggest) { try await raw.load(beginnings, $0) { try await $0.suggest($1) } },
            Contender(searchAtOnce) { try await stage.loadAtOnce(searches, $0) },
            Contender(rawAtOnce) { options in
                try await raw.load(queries, tasks: LoadGenerator.connections, options) { try await $0.search($1) }
            },
            Contender(suggestAtOnce) { try await stage.loadAtOnce(suggestions, $0) },
        ])
    }
}

/// Runs `body`, then `cleanUp`, however `body` ends.
func finishing(_ body: () async throws -> Void, _ cleanUp: () async -> Void) async throws {
    let result: Result<Void, any Error>
    do {
        try await body()
        result = .success(())
    } catch {
        result = .failure(error)
    }
    await cleanUp()
    try result.get()
}
