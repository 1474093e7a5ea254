import Synchronization

/// Totals and facets of recent searches.
///
/// They are exact: an entry counts only while the copy has taken nothing over since. Whoever pages through results, or
/// searches what everybody searches, does not have everything counted again.
final class RecentCounts: Sendable {
    /// What was counted: the words, as an engine has them, and what narrows them.
    struct Key: Hashable, Sendable {
        let live: IndexStateTable.Live
        let expression: String
        let city: String?
        let category: String?
    }

    struct Counts: Sendable, Hashable {
        let total: Int
        let facets: Facets
    }

    /// Some KB each, for a frequent word is in every city.
    private static let entriesMax = 2048

    private let entries = Mutex<[Key: Counts]>([:])

    func counts(_ key: Key) -> Counts? { entries.withLock { $0[key] } }

    func remember(_ counts: Counts, for key: Key) {
        entries.withLock { entries in
            // Most entries of a full table are of an older state: forgetting all is as good as choosing.
            if entries.count >= Self.entriesMax { entries.removeAll(keepingCapacity: true) }
            entries[key] = counts
        }
    }
}
