import Contracts

/// Why nobody is let in by a ticket, or why it is not passed on.
enum TicketRefusal: Error, Sendable, Hashable {
    /// No key has signed the code, or the ticket has another one by now.
    case codeInvalid
    case alreadyUsed(at: Timestamp)
    case cancelled
    case ticketUnknown
    case keyReused
    case requestInProgress(retryAfter: Duration)
    /// Somebody changed the ticket at the same moment.
    case raced
}
