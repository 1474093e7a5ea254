package import Contracts

/// The routes of a sale's other half: tickets, and the way back.
extension APIClient {
    /// Gives tickets back, or all of a booking; the reply is returned whatever its status.
    package func cancel(_ bookingID: String, tickets: [String]? = nil, key: String? = nil) async throws -> APIReply {
        try await send(
            "POST", "/api/bookings/\(bookingID)/cancel", json: CancelRequest(ticketIds: tickets), key: key)
    }

    /// One ticket of this person.
    package func ticket(_ id: String) async throws -> TicketDocument {
        try await get("/api/tickets/\(id)")
    }

    /// The code of a ticket that this person holds, read from its picture; nil when none is shown.
    package func ticketCode(_ id: String) async throws -> String? {
        let reply = try await send("GET", "/api/tickets/\(id)/qr.svg")
        guard reply.status == 200, let match = reply.text.firstMatch(of: /<desc>(.*)<\/desc>/) else { return nil }
        return String(match.1)
    }

    /// Lets the bearer of a code in; the reply is returned whatever its status.
    package func checkIn(_ code: String, key: String? = nil) async throws -> APIReply {
        try await send("POST", "/api/tickets/check-in", json: CheckInRequest(code: code), key: key)
    }

    /// Passes a ticket on; the reply is returned whatever its status.
    package func transfer(_ ticketID: String, to email: String, key: String? = nil) async throws -> APIReply {
        try await send("POST", "/api/tickets/\(ticketID)/transfer", json: TransferRequest(email: email), key: key)
    }

    /// How far the refunds of a cancelled event of this person's have come.
    package func refunds(ofEvent id: String) async throws -> EventRefundsDocument {
        try await get("/api/events/\(id)/refunds")
    }
}
