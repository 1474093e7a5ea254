import Contracts

/// Which seats of an event somebody wants to see.
struct SeatQuery: Sendable, Hashable {
    let eventID: String
    /// All when nil.
    var status: SeatStatus?
    /// All when nil.
    var section: String?
    /// Where the page before ended.
    var afterOrdinal: Int64 = -1
    var limit: Int
}
