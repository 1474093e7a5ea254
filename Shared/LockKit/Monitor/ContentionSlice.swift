/// Everything counted in one stretch of time; slices add up.
struct ContentionSlice: Sendable {
    var totals = Tally(precision: Tally.totalPrecision)
    var resources: ContentionTable
    /// Scopes and the groups between a resource and its scope.
    var groups: ContentionTable

    init(resourcesMax: Int, groupsMax: Int) {
        resources = ContentionTable(capacity: resourcesMax)
        groups = ContentionTable(capacity: groupsMax)
    }

    /// Counts one event of one resource at every level. What weighs nothing displaces no entry.
    mutating func record(
        _ key: MonitorKey, _ scope: MonitorKey, weight: UInt64,
        group: (@Sendable (_ resource: String) -> String?)?, _ change: (inout Tally) -> Void
    ) {
        change(&totals)
        let position: Int?
        if weight > 0 {
            position = resources.add(key, weight: weight, change)
            groups.add(scope, weight: weight, change)
        } else {
            position = resources.note(key, change)
            groups.note(scope, change)
        }
        guard let group else { return }
        let known = position.map { resources.group(at: $0, group) }
        guard let name = known ?? group(key.text).map(MonitorKey.init) else { return }
        if weight > 0 {
            groups.add(name, weight: weight, change)
        } else {
            groups.note(name, change)
        }
    }

    mutating func merge(_ slice: ContentionSlice) {
        totals.merge(slice.totals)
        resources.merge(slice.resources)
        groups.merge(slice.groups)
    }
}
