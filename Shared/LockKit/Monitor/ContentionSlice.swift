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

    mutating func merge(_ slice: ContentionSlice) {
        totals.merge(slice.totals)
        resources.merge(slice.resources)
        groups.merge(slice.groups)
    }
}
