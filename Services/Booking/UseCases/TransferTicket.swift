import Contracts
import ServiceKit

/// Passes a ticket on to an address: the code that was good until then is not any more.
///
/// Whoever has an account under the address holds the ticket from then on, and its buyer sees it but no longer its code.
/// Where nobody has one, the sender keeps the ticket in trust and gives the new code on as one gives a printed ticket
/// on; a ticket that waited for an account could be taken by whoever registers the address first, for nobody proves
/// that an address is theirs.
struct TransferTicket: Sendable {
    let tickets: TicketStore
    let accounts: any AccountDirectory

    /// Passes the ticket called `id` on.
    ///
    /// - Throws: ``TicketRefusal``, or ``Problem`` 503 when it is not known whose the address is
    func execute(
        _ id: String, to email: EmailAddress, by userID: String, _ request: KeyedRequest?, _ call: CallContext
    ) async throws -> TicketStore.Outcome {
        // A repeat comes from somebody who may not hold the ticket any more.
        if let request, let known = try await tickets.known(request) { return known }
        guard let ticket = try await tickets.ticket(id), ticket.userID == userID else {
            throw TicketRefusal.ticketUnknown
        }
        let account: AccountReference?
        do {
            account = try await accounts.account(withEmail: email, in: call)
        } catch {
            throw Problem.notAnswered("accounts cannot be looked up now; the ticket was not passed on")
        }
        return try await RacedTicket.again {
            try await tickets.transfer(id, from: userID, to: account?.userId ?? userID, email, request)
        }
    }
}
