import Contracts
import ServiceKit

extension SaleEvent {
    /// Whether somebody may do what only the organizer does.
    func isOrganized(by identity: Identity) -> Bool {
        identity.isAdmin || identity.userID == ownerID
    }

    /// Whether somebody may know of the event: a draft is its organizer's own business until it is published.
    func isVisible(to identity: Identity?) -> Bool {
        status != .draft || identity.map(isOrganized) ?? false
    }
}
