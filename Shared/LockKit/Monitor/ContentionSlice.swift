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

    /// Counts one event of one resource at every level. What weighs nothing makes no entry of its own.
    mutating func record(
        _ key: MonitorKey, _ scope: MonitorKey, weight: UInt64,
        group: (@Sendable (_ resource: String) -> String?)?, _ change: (inout Tally) -> Void
    ) {
        change(&totals)
        if weight > 0 {
            resources.add(key, weight: weight, change)
            groups.add(scope, weight: weight, change)
        } else {
            resources.note(key, change)
            groups.note(scope, change)
        }
        guard let group, let name = group(key.text) else { return }
        if weight > 0 {
            groups.add(MonitorKey(name), weight: weight, change)
        } else {
            groups.note(MonitorKey(name), change)
        }
    }

    mutating func merge(_ slice: ContentionSlice) {
        totals.merge(slice.totals)
        resources.merge(slice.resources)
        groups.merge(slice.groups)
    }
}
