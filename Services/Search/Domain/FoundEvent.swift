import Contracts

/// An event that was found, with what is left of it and where the words stand.
struct FoundEvent: Sendable, Hashable {
    let event: EventCard
    let stock: EventStock
    /// Higher is better; comparable within one reply only.
    let score: Double
    /// Field name to its text with the found words between `<em>` and `</em>`, the rest HTML-escaped.
    let highlights: [String: String]
}
