import Contracts
import LoadKit

/// What a rush is to be.
struct RushPlan: Sendable {
    var users: Int
    var seats: Int
    var seatsPerOrder: Int
    /// Buyers at work at the same time.
    var concurrency: Int
    /// What the buyers pay with, in turns.
    var payments = [PaymentMethod.token("tok_visa")]
    /// Registered accounts instead of guests.
    var buyersHaveAccounts = false
    /// How often a buyer picks other seats after somebody was quicker.
    var picksMax = 30
    /// How long a buyer asks again while a service is away or an outcome is unknown.
    var patience = Duration.seconds(60)
    /// How long the audit waits for sagas to end.
    var settleLimit = Duration.seconds(60)

    /// What the buyer at `index` pays with.
    func payment(ofBuyer index: Int) -> PaymentMethod { payments[index % payments.count] }

    /// The event that is rushed, `now` being the time of its creation.
    func event(now: Timestamp) -> CreateEventRequest {
        LoadHall(seats: seats).event("Flash sale \(now)", now: now)
    }
}
