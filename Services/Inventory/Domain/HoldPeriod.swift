import Contracts

/// When a hold ends by itself.
struct HoldPeriod: Sendable, Hashable {
    /// The deadline that its buyer is told.
    let expiresAt: Timestamp
    /// No extension passes this.
    let hardExpiresAt: Timestamp
    /// When a checkout hold ends unless its page shows up before; nil for one that owes no heartbeat.
    let idleEndsAt: Timestamp?

    /// One that ends at `end` whatever happens.
    static func fixed(until end: Timestamp) -> HoldPeriod {
        HoldPeriod(expiresAt: end, hardExpiresAt: end, idleEndsAt: nil)
    }

    /// Whichever comes first.
    var endsAt: Timestamp { min(expiresAt, idleEndsAt ?? expiresAt) }

    /// What it asks of its buyer.
    var kind: HoldKind { idleEndsAt == nil ? .fixed : .checkout }
}
