import Contracts

/// How long places stay with a buyer who has not paid.
struct HoldTiming: Sendable, Hashable {
    /// Time to finish a checkout.
    var hold: Duration = .seconds(600)
    /// How long a payment in flight keeps the hold alive at most.
    var pin: Duration = .seconds(180)
    /// How many payments may be tried on one hold.
    var paymentAttemptsMax = 5

    /// When a hold that begins at `now` ends.
    func expiry(from now: Timestamp) -> Timestamp { now + hold }

    /// When a pin that begins at `now` ends: as a pin begins before its hold's deadline, one payment deadline from then
    /// is also the most by which it can outlast the hold.
    func pinEnd(from now: Timestamp) -> Timestamp { now + pin }
}
