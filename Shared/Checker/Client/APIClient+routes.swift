package import Contracts

/// The routes of a sale, as its people use them.
extension APIClient {
    /// Signs in and gives the client of that person.
    package func signIn(email: String, password: String) async throws -> APIClient {
        let request = LoginRequest(email: email, password: password)
        let reply = try await send("POST", "/api/auth/login", json: request).value(SignInReply.self)
        return with(accessToken: reply.accessToken)
    }

    /// Makes an account and gives the client of that person.
    package func register(email: String, password: String, name: String? = nil) async throws -> APIClient {
        let request = RegisterRequest(email: email, password: password, name: name)
        let reply = try await send("POST", "/api/auth/register", json: request).value(SignInReply.self)
        return with(accessToken: reply.accessToken)
    }

    /// Mints a guest, who may hold and buy, and gives the client of that guest.
    package func signUpGuest() async throws -> APIClient {
        let reply = try await send("POST", "/api/auth/guest").value(SignInReply.self)
        return with(accessToken: reply.accessToken)
    }

    /// Mints up to 10,000 guests at once; only an admin may.
    package func mintGuests(_ count: Int) async throws -> [GuestBatchReply.Guest] {
        let request = GuestBatchRequest(count: count)
        return try await send("POST", "/api/auth/guest/batch", json: request).value(GuestBatchReply.self).guests
    }

    /// Creates an event and its stock.
    package func createEvent(_ request: CreateEventRequest, key: String? = nil) async throws -> EventDocument {
        try await send("POST", "/api/events", json: request, key: key).value()
    }

    /// What is left of an event.
    package func availability(of eventID: String) async throws -> AvailabilityDocument {
        try await get("/api/events/\(eventID)/availability")
    }

    /// The first 10,000 available seats of an event, in seat order.
    package func seats(of eventID: String) async throws -> [SeatDocument] {
        try await get("/api/inventory/events/\(eventID)/seats")
    }

    /// Holds seats or places; the reply is returned whatever its status.
    package func reserve(_ request: ReservationRequest, key: String? = nil) async throws -> APIReply {
        try await send("POST", "/api/inventory/reservations", json: request, key: key)
    }

    /// Pays for a reservation; the reply is returned whatever its status.
    package func confirm(
        _ reservationID: String, payment: PaymentMethod? = .token("tok_visa"), key: String?
    ) async throws -> APIReply {
        let request = ConfirmRequest(reservationId: reservationID, payment: payment)
        return try await send("POST", "/api/bookings/confirm", json: request, key: key)
    }

    /// Gives a hold back; the reply is returned whatever its status.
    package func release(_ reservationID: String) async throws -> APIReply {
        try await send("DELETE", "/api/inventory/reservations/\(reservationID)")
    }

    /// One booking of this person.
    package func booking(_ id: String) async throws -> BookingDocument {
        try await get("/api/bookings/\(id)")
    }
}
