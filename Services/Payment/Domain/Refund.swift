/// Money on its way back to a buyer, as stored.
struct Refund: Sendable, Hashable {
    /// How far a refund has come.
    enum State: String, Sendable {
        /// The intent is stored; whether the provider did it is not known yet.
        case pending = "Pending"
        case succeeded = "Succeeded"
        /// The provider refused this attempt; asking again makes another one.
        case failed = "Failed"
    }

    let chargeKey: String
    let key: String
    let minorUnits: Int64
    let state: State
    /// Counts from 1; a provider that refused an attempt would answer the same to its key for ever.
    let attempt: Int

    /// The key under which the provider knows this attempt.
    var providerKey: String { "\(chargeKey):\(key):\(attempt)" }
}
