import Contracts

/// How long places stay with a buyer who has not paid.
struct HoldTiming: Sendable, Hashable {
    /// Time to finish a checkout; a checkout hold has it anew from every heartbeat.
    var hold: Duration = .seconds(600)
    /// Time that a reservation of tickets by quantity (`/api/tickets/reserve`) has.
    var ticketHold: Duration = .seconds(900)
    /// How often a checkout page is asked to show that it is there.
    var heartbeat: Duration = .seconds(30)
    /// How long after its last heartbeat a checkout hold ends …
    var inactivity: Duration = .seconds(180)
    /// … and how much later when its page said that it is hidden.
    var hiddenGrace: Duration = .seconds(60)
    /// The age that no heartbeat lets a checkout hold pass.
    var hardCap: Duration = .seconds(900)
    /// How long a payment in flight keeps the hold alive at most.
    var pin: Duration = .seconds(180)
    /// How many payments may be tried on one hold.
    var paymentAttemptsMax = 5

    /// The times of a fixed hold that begins at `now`.
    func fixed(from now: Timestamp) -> HoldPeriod { .fixed(until: now + hold) }

    /// The times of a reservation of tickets by quantity that begins at `now`.
    func fixedForTickets(from now: Timestamp) -> HoldPeriod { .fixed(until: now + ticketHold) }

    /// The times of a checkout hold that begins at `now`.
    func checkout(from now: Timestamp) -> HoldPeriod {
        afterHeartbeat(at: now, isHidden: false, hardEnd: now + hardCap)
    }

    /// The times of a checkout hold after a heartbeat at `now`.
    func afterHeartbeat(at now: Timestamp, isHidden: Bool, hardEnd: Timestamp) -> HoldPeriod {
        HoldPeriod(
            expiresAt: min(now + hold, hardEnd), hardExpiresAt: hardEnd,
            idleEndsAt: now + inactivity + (isHidden ? hiddenGrace : .zero))
    }

    /// When a pin that begins at `now` ends: as a pin begins before its hold's deadline, one payment deadline from then
    /// is also the most by which it can outlast the hold.
    func pinEnd(from now: Timestamp) -> Timestamp { now + pin }
}
