import Contracts

/// The refunds of a cancelled event, and how far a worker has come with them.
struct EventRefund: Sendable, Hashable {
    enum State: String, Sendable, CaseIterable {
        /// Nobody has looked yet what there is to give back.
        case due
        /// Inventory was told, and bookings are being cancelled one after the other.
        case running
        /// No booking of the event stands any more.
        case done
        /// The event was put on sale again before anything was given back.
        case stopped
    }

    let eventID: String
    /// The event's version that said it was cancelled.
    let version: Int64
    var state: State
    /// The last booking that was looked at in this round.
    var position: String
    var lease: SagaLease
}
