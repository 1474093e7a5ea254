import Contracts

/// The right of one worker to move a booking until a time.
///
/// Every move compares the epoch, which grows with each new holder: one that lost its lease changes nothing, however
/// late it wakes up.
struct SagaLease: Sendable, Hashable {
    /// The process that holds it, for people who read the table.
    var owner: String
    var until: Timestamp
    var epoch: Int64
}
