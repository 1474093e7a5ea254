import Contracts
import DatabaseKit
import ServiceKit

/// Reads tickets, lets their bearers in and passes them on, each change a conditional update in one transaction.
struct TicketStore: Sendable {
    let database: any Database
    let clock: any WallClock

    private let keys = IdempotencyStore()

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What became of a request about a ticket.
    struct Outcome: Sendable, Hashable {
        let reply: StoredReply
        let isReplayed: Bool
    }

    /// The ticket called `id`, for the one who holds it or who bought it.
    func ticket(_ id: String, readableBy userID: String) async throws -> Ticket? {
        try await database.read { session in
            try session.first(
                """
                SELECT \(TicketTable.columns) FROM tickets WHERE ticket_id = $1 AND (user_id = $2 OR EXISTS (
                    SELECT 1 FROM bookings WHERE bookings.booking_id = tickets.booking_id AND bookings.user_id = $2))
                """, id, userID
            ).map(TicketTable.ticket)
        }
    }

    /// A ticket of anybody's.
    func ticket(_ id: String) async throws -> Ticket? {
        try await database.read { session in try Self.find(id, session) }
    }

    private static func find(_ id: String, _ session: any SQLSession) throws -> Ticket? {
        try session.first("SELECT \(TicketTable.columns) FROM tickets WHERE ticket_id = $1", id)
            .map(TicketTable.ticket)
    }

    /// Lets the bearer of `code` in, once.
    ///
    /// - Throws: ``TicketRefusal``; then nothing was written
    func checkIn(_ code: TicketCode, by actor: String, _ request: KeyedRequest?) async throws -> Outcome {
        let now = clock.now()
        return try await change(code.ticketID, by: actor, .checkedIn, request, at: now) { ticket, session in
            guard ticket.codeVersion == code.version else { throw TicketRefusal.codeInvalid }
            try Self.checkGood(ticket)
            guard try TicketTable.use(ticket, at: now, session) else { throw TicketRefusal.raced }
            var used = ticket
            used.status = .used
            used.usedAt = now
            return used
        }
    }

    /// Passes a ticket of `userID`'s on to `holder`, who is named by an address from now on; its code becomes another.
    ///
    /// - Throws: ``TicketRefusal``; then nothing was written
    func transfer(
        _ id: String, from userID: String, to holder: String, _ email: EmailAddress, _ request: KeyedRequest?
    ) async throws -> Outcome {
        try await change(id, by: "user:\(userID)", .transferred, request, at: clock.now()) { ticket, session in
            guard ticket.userID == userID else { throw TicketRefusal.ticketUnknown }
            try Self.checkGood(ticket)
            guard try TicketTable.transfer(ticket, to: holder, email: email.text, session) else {
                throw TicketRefusal.raced
            }
            var passedOn = ticket
            passedOn.userID = holder
            passedOn.customer = CustomerDocument(email: email.text)
            passedOn.codeVersion += 1
            return passedOn
        }
    }

    private static func checkGood(_ ticket: Ticket) throws(TicketRefusal) {
        switch ticket.status {
        case .purchased: break
        case .used: throw .alreadyUsed(at: ticket.usedAt ?? ticket.purchasedAt)
        case .cancelled: throw .cancelled
        }
    }

    /// What an earlier request under the key was answered; nil when this one may act.
    func known(_ request: KeyedRequest) async throws -> Outcome? {
        let now = clock.now()
        return try await database.read { [keys] session in try Self.known(request, keys, at: now, session) }
    }

    private static func known(
        _ request: KeyedRequest, _ keys: IdempotencyStore, at now: Timestamp, _ session: any SQLSession
    ) throws -> Outcome? {
        switch try request.known(keys, at: now, session) {
        case nil, .started: nil
        case .replay(let reply): Outcome(reply: reply, isReplayed: true)
        case .mismatch: throw TicketRefusal.keyReused
        case .inFlight(let retryAfter): throw TicketRefusal.requestInProgress(retryAfter: retryAfter)
        }
    }

    private func change(
        _ id: String, by actor: String, _ action: AuditEntry.Action, _ request: KeyedRequest?, at now: Timestamp,
        _ change: @escaping @Sendable (Ticket, any SQLSession) throws -> Ticket
    ) async throws -> Outcome {
        try await database.write { [keys] session in
            if let request, let known = try Self.known(request, keys, at: now, session) { return known }
            guard let before = try Self.find(id, session) else { throw TicketRefusal.ticketUnknown }
            let after = try change(before, session)
            try AuditEntry(
                actor: actor, action: action, bookingID: before.bookingID, eventID: before.eventID, at: now,
                before: before.auditText, after: after.auditText
            ).insert(session)
            let reply = try StoredReply(status: 200, json: after.document)
            try request?.keep(reply, keys, at: now, session)
            return Outcome(reply: reply, isReplayed: false)
        }
    }
}
