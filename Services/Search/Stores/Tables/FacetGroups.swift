import DatabaseKit
import Synchronization

/// The names behind the numbers of facet groups, remembered, because a frequent word has its matches in thousands of
/// groups and a group never changes.
final class FacetGroups: Sendable {
    /// A copy in one of its lives.
    private struct Copy: Hashable {
        let tables: CopyTables
        let build: Int64
    }

    private struct Names {
        let city: String
        let category: String
    }

    private struct Known {
        var names: [Int64: Names] = [:]
        var highest: Int64 = 0
    }

    /// Searches that began before a build was promoted still need the old copy's.
    private static let copiesMax = 2

    private let known = Mutex<[Copy: Known]>([:])

    /// Sums counts by group up by city and by category.
    func facets(
        _ counts: [(group: Int64, count: Int)], of live: IndexStateTable.Live, _ session: any SQLSession
    ) throws -> Facets {
        let copy = Copy(tables: live.tables, build: live.build)
        let highest = counts.lazy.map(\.group).max() ?? 0
        var known = known.withLock { $0[copy] } ?? Known()
        if known.highest < highest {
            let rows = try session.query(
                "SELECT id, city, category FROM \(live.tables.groups) WHERE id > $1 ORDER BY id", known.highest)
            for row in rows {
                known.highest = try row.int64(0)
                known.names[known.highest] = Names(city: try row.string(1), category: try row.string(2))
            }
            remember(known, of: copy)
        }
        var facets = Facets()
        for (group, count) in counts {
            guard let names = known.names[group] else { continue }
            facets.add(city: names.city, category: names.category, count: count)
        }
        return facets
    }

    private func remember(_ new: Known, of copy: Copy) {
        known.withLock { known in
            guard known[copy]?.highest ?? 0 < new.highest else { return }
            known[copy] = new
            while known.count > Self.copiesMax, let oldest = known.keys.min(by: { $0.build < $1.build }) {
                known[oldest] = nil
            }
        }
    }
}
