/// The routes with which people browse, over 100,000 events, beside the bare statements.
struct CatalogueReading: Benchmark {
    let id = "P15-LIST"
    let summary = "GET /api/events and .../availability over 100,000 events against the bare statements on SQLite"

    private static let list = "list"
    private static let rawList = "raw list"
    private static let availability = "availability"
    private static let rawAvailability = "raw availability"

    var comparisons: [Comparison] {
        [
            Comparison("lists of 20/s, 64 at once", .init(Self.list, .rate), to: .init(Self.rawList, .rate)),
            Comparison("p99, ms", .init(Self.list, .p99)),
            Comparison("CPU of events, µs", .init(Self.list, .cpu("events"))),
            Comparison(
                "availabilities/s, 64 at once", .init(Self.availability, .rate), to: .init(Self.rawAvailability, .rate)),
            Comparison("p99, ms", .init(Self.availability, .p99)),
            Comparison("CPU of events, µs", .init(Self.availability, .cpu("events"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await SearchEngineBench.serving { catalogue, port in
            let stage = try await EventsStage.start(catalogue, inventory: port, rounds)
            try await finishing {
                rounds.note("filling the reference")
                let raw = try await RawRows(catalogue)
                try await finishing {
                    try await rounds.measure([
                        Contender(Self.list) { try await stage.list($0) },
                        Contender(Self.rawList) { try await raw.list($0) },
                        Contender(Self.availability) { try await stage.availability($0) },
                        Contender(Self.rawAvailability) { try await raw.availability($0) },
                    ])
                } _: {
                    await raw.close()
                }
            } _: {
                await stage.stop()
            }
        }
    }
}
