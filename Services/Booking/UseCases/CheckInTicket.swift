import Contracts
import ServiceKit

/// Lets the bearer of a ticket's code in, once, when its event's organizer asks.
struct CheckInTicket: Sendable {
    let tickets: TicketStore
    let events: KnownEvents
    let codec: TicketCodec

    /// Checks `text` in.
    ///
    /// - Throws: ``TicketRefusal``, or ``Problem`` 403 for anybody but the organizer, 503 when it is not known who that
    ///   is: a question that is not answered is never a yes
    func execute(
        _ text: String, by identity: Identity, _ request: KeyedRequest?, _ call: CallContext
    ) async throws -> TicketStore.Outcome {
        guard let code = codec.code(text), let ticket = try await tickets.ticket(code.ticketID) else {
            throw TicketRefusal.codeInvalid
        }
        let event = try await events.event(ticket.eventID, organizedBy: identity, call)
        if let request, let known = try await tickets.known(request) { return known }
        // Its tickets are being cancelled; one that was not reached yet is as good as if it were.
        guard event.status != .cancelled else { throw TicketRefusal.cancelled }
        return try await RacedTicket.again {
            try await tickets.checkIn(code, by: "user:\(identity.userID)", request)
        }
    }
}

/// Tries a change of a ticket again that somebody else's came before, and then sees what that was.
enum RacedTicket {
    private static let attemptsMax = 3

    static func again<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 1..<attemptsMax {
            do {
                return try await body()
            } catch TicketRefusal.raced {
                continue
            }
        }
        return try await body()
    }
}
