import ServiceKit

/// What names a buyer's request, so that its repeat is recognised.
struct IdempotentOrder: Sendable, Hashable {
    /// Keys of different buyers never meet.
    let userID: String
    let key: IdempotencyKey
    let fingerprint: String
}
