import Contracts
import ServiceKit

/// What is for sale: an event with its ticket types. What is left of it is inventory's to say.
struct Event: Sendable, Hashable, Codable {
    let id: String
    let ownerID: String
    var details: EventDetails
    /// `draft`, `active` or `cancelled`; `ended` comes by time: ``status(at:)``.
    var storedStatus: EventStatus
    /// Its end was noticed and announced; an end that was noticed stays one, whatever the clock says later.
    var hasEnded = false
    /// Deleted while tickets of it exist: readable, no longer for sale.
    var isDeleted: Bool
    var waitingRoom: Bool
    /// Rises with every change that people can see; followers apply changes by it.
    var version: Int64
    var ticketTypes: [TicketType]
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// What an organizer says about an event, apart from its tickets.
struct EventDetails: Sendable, Hashable, Codable {
    var title: String
    var description: String?
    var artist: String?
    var venue: String
    var venueAddress: String?
    var city: String?
    var category: String?
    var eventDate: Timestamp
    var endDate: Timestamp?
    var reserveOn: ReservePolicy
    var maxPerOrder: Int

    /// When the event is over: its end, or its beginning when no end was given.
    var endsAt: Timestamp { endDate ?? eventDate }
}

extension Event {
    /// What the event's life has come to by `now`.
    func status(at now: Timestamp) -> EventStatus {
        storedStatus == .active && (hasEnded || now >= details.endsAt) ? .ended : storedStatus
    }

    /// Whether the event is on the public list.
    func isActive(at now: Timestamp) -> Bool {
        !isDeleted && status(at: now) == .active
    }

    /// Its organizer's and the admins' right.
    func mayBeChanged(by identity: Identity) -> Bool {
        identity.isAdmin || identity.userID == ownerID
    }
}
