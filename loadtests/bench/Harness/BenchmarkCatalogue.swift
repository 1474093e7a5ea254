/// All benchmarks there are: a new one is a file of its own and a line here.
enum BenchmarkCatalogue {
    static let all: [any Benchmark] = [
        GatewayForwarding(), LockThroughput(), LocksAgainstPython(), FourLocks(), GroupCommit(), Reservations(),
        ReservationsOnPostgres(), Purchases(), MonitorRecording(), LiveStreams(), IdleMemory(),
        OrderKinds(database: .sqlite), OrderKinds(database: .postgres), HotSeatRush(database: .sqlite),
        HotSeatRush(database: .postgres), SeatCreation(database: .sqlite), SeatCreation(database: .postgres),
        SearchOverFTS5(), SearchOverPostgres(), IndexRebuild(),
        CatalogueReading(), LockMatrix(),
    ]

    /// The benchmarks called `names`, in the order of the list; all of them when no name is given.
    static func select(_ names: [String]) throws(UnknownBenchmark) -> [any Benchmark] {
        guard !names.isEmpty else { return all }
        let wanted = Set(names.map { $0.uppercased() })
        if let unknown = wanted.subtracting(all.map(\.id)).min() { throw UnknownBenchmark(name: unknown) }
        return all.filter { wanted.contains($0.id) }
    }
}

/// A name that no benchmark has.
struct UnknownBenchmark: Error, CustomStringConvertible {
    let name: String

    var description: String { "there is no benchmark \(name); bench list shows them" }
}
