/// The stock of events, as its seller sees it.
package protocol StockClient: Sendable {
    /// Tells inventory an event's rules of sale and its stock; an older version than it has changes nothing.
    func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError)
    /// The counters of up to 100 events; events that inventory does not know are left out.
    func stock(of eventIDs: [String], in context: CallContext) async throws(ServiceCallError) -> [EventStock]
}

/// Reservations, as a booking moves them.
package protocol ReservationClient: Sendable {
    /// Keeps the hold alive for one booking's payment.
    ///
    /// - Throws: `.refused` with 404 for an unknown or somebody else's reservation, 410 `reservation-expired` for one
    ///   that ended, 409 `payment-in-progress` for one that another booking has pinned.
    func pin(_ reservationID: String, _ request: PinRequest, in context: CallContext)
        async throws(ServiceCallError) -> PinnedReservation
    /// Gives the hold its old deadline back; nothing happens when this booking has no pin.
    func unpin(_ reservationID: String, bookingID: String, in context: CallContext) async throws(ServiceCallError)
    /// Turns the hold into a sale; again for the same booking is answered the same.
    ///
    /// - Throws: `.refused` with 409 when the event was cancelled or the pin was lost.
    func commit(_ reservationID: String, bookingID: String, in context: CallContext) async throws(ServiceCallError)
}

/// Inventory over HTTP.
package struct HTTPInventoryClient: StockClient, ReservationClient {
    private let caller: ServiceCaller

    package init(_ caller: ServiceCaller) {
        self.caller = caller
    }

    package func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError) {
        try await caller.send("PUT", "/internal/events/\(rules.eventId)", body: rules, in: context)
    }

    package func stock(of eventIDs: [String], in context: CallContext) async throws(ServiceCallError) -> [EventStock] {
        guard !eventIDs.isEmpty else { return [] }
        return try await caller.get("/internal/availability?ids=\(eventIDs.joined(separator: ","))", in: context)
    }

    package func pin(
        _ reservationID: String, _ request: PinRequest, in context: CallContext
    ) async throws(ServiceCallError) -> PinnedReservation {
        try await caller.call("POST", "/internal/reservations/\(reservationID)/pin", body: request, in: context)
    }

    package func unpin(
        _ reservationID: String, bookingID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await caller.send(
            "POST", "/internal/reservations/\(reservationID)/unpin", body: PinnedRequest(bookingId: bookingID),
            in: context)
    }

    package func commit(
        _ reservationID: String, bookingID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await caller.send(
            "POST", "/internal/reservations/\(reservationID)/commit", body: PinnedRequest(bookingId: bookingID),
            in: context)
    }
}
