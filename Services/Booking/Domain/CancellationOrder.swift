import Contracts
import ServiceKit

/// What is to be cancelled, and by whom.
struct CancellationOrder: Sendable {
    let bookingID: String
    /// Whose booking it must be; nil when its event was cancelled, for everybody's goes then.
    let userID: String?
    /// The tickets; all of the booking's when nil.
    let ticketIDs: [String]?
    let key: KeyedRequest?
    /// Why the buyer may not cancel any more, if so; a repeat of what was cancelled in time is answered all the same.
    let refusal: CancellationRefusal?
    let actor: String
    let lease: SagaLease

    var reason: Cancellation.Reason { userID == nil ? .eventCancelled : .asked }

    /// What tickets may be taken back: a person who is inside keeps theirs, unless there is nothing to be inside of.
    var cancellable: Set<TicketStatus> { userID == nil ? [.purchased, .used] : [.purchased] }
}

/// Why tickets are not cancelled.
enum CancellationRefusal: Error, Sendable, Hashable {
    /// There is no such booking of this person.
    case bookingUnknown
    /// Ids that are none of the booking's tickets.
    case ticketsUnknown([String])
    /// The outcome of its payment is not known yet.
    case bookingPending
    /// The booking came to nothing: there is nothing to give back.
    case bookingNotConfirmed(BookingStatus)
    case eventBegan
    /// Tickets, by id, that let somebody in.
    case ticketsUsed([String])
    /// Tickets, by id, that were passed on to somebody else's account.
    case ticketsTransferred([String])
    case keyReused
    case requestInProgress(retryAfter: Duration)
    /// Somebody changed the tickets at the same moment.
    case raced
}
