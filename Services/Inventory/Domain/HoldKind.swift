/// What a hold asks of its buyer.
enum HoldKind: String, Sendable, Hashable {
    /// Lasts until its deadline, whether anybody shows up or not.
    case fixed
    /// Belongs to a checkout page, whose heartbeats keep it alive; one for a buyer and event.
    case checkout
}
