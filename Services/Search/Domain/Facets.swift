/// How many results each city and each category has.
struct Facets: Sendable, Hashable {
    private(set) var cities: [String: Int] = [:]
    private(set) var categories: [String: Int] = [:]

    /// Counts `count` results in `city` and `category`; an empty name is not counted.
    mutating func add(city: String, category: String, count: Int = 1) {
        if !city.isEmpty { cities[city, default: 0] += count }
        if !category.isEmpty { categories[category, default: 0] += count }
    }

    /// As the wire has it: the most frequent values of each.
    var document: [String: [String: Int]] {
        ["city": Self.top(cities), "category": Self.top(categories)]
    }

    private static func top(_ counts: [String: Int]) -> [String: Int] {
        guard counts.count > SearchLimits.facetValuesMax else { return counts }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Dictionary(uniqueKeysWithValues: sorted.prefix(SearchLimits.facetValuesMax).map { ($0.key, $0.value) })
    }
}
