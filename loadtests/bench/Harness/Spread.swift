/// The median of a few values with the least and the greatest of them.
struct Spread: Sendable, Hashable, Codable {
    let median: Double
    let min: Double
    let max: Double

    /// Nil when there are no values.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        min = first
        max = last
    }
}
