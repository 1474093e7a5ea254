import Contracts
import ServiceKit

/// What booking knows of an event, as the events service told it last.
struct EventCopy: Sendable, Hashable {
    let id: String
    let version: Int64
    let ownerID: String
    let status: EventStatus
    let eventDate: Timestamp

    init(id: String, version: Int64, ownerID: String, status: EventStatus, eventDate: Timestamp) {
        self.id = id
        self.version = version
        self.ownerID = ownerID
        self.status = status
        self.eventDate = eventDate
    }

    init(_ event: EventDocument) {
        self.init(
            id: event.id, version: event.version, ownerID: event.ownerId, status: event.status,
            eventDate: event.eventDate)
    }

    /// Its organizer's and the admins' right.
    func mayBeSeenThrough(by identity: Identity) -> Bool {
        identity.isAdmin || identity.userID == ownerID
    }
}
