import Synchronization

/// The length of the write-ahead log, as the writer's last commit left it.
final class SQLiteLogGauge: Sendable {
    private let current = Atomic(0)

    /// The length in pages.
    var pages: Int { current.load(ordering: .relaxed) }

    func record(pages: Int) {
        current.store(pages, ordering: .relaxed)
    }
}
