/// The stock of events, as its seller sees it.
package protocol StockClient: Sendable {
    /// Tells inventory an event's rules of sale and its stock; the same version again is answered the same.
    func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError) -> RulesDecision
    /// Ends the sale of an event: `.removed` when nothing of it is held or sold, else `.closed`.
    ///
    /// - Parameter version: of the rules, above all that were put before.
    func remove(_ eventID: String, version: Int64, in context: CallContext)
        async throws(ServiceCallError) -> RulesDecision
    /// The counters of up to 100 events that changed since the version known of each, by event id; 0 knows nothing.
    func stock(of known: [String: Int64], in context: CallContext) async throws(ServiceCallError) -> StockReport
}

/// Reservations, as a booking moves them.
package protocol ReservationClient: Sendable {
    /// The id of what a buyer's checkout of an event holds.
    ///
    /// - Throws: `.refused` with 410 `reservation-expired` when it holds nothing.
    func checkout(of userID: String, on eventID: String, in context: CallContext)
        async throws(ServiceCallError) -> CheckoutReference
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
    let caller: ServiceCaller

    package init(_ caller: ServiceCaller) {
        self.caller = caller
    }

    package func put(
        _ rules: EventRules, in context: CallContext
    ) async throws(ServiceCallError) -> RulesDecision {
        try await caller.call("PUT", "/internal/events/\(rules.eventId)", body: rules, in: context)
    }

    package func remove(
        _ eventID: String, version: Int64, in context: CallContext
    ) async throws(ServiceCallError) -> RulesDecision {
        try await caller.call(
            "DELETE", "/internal/events/\(eventID)?version=\(version)", body: String?.none, in: context)
    }

    package func stock(
        of known: [String: Int64], in context: CallContext
    ) async throws(ServiceCallError) -> StockReport {
        guard !known.isEmpty else { return StockReport(changed: [], unchanged: []) }
        let ids = known.keys.joined(separator: ",")
        let versions = known.values.map(String.init).joined(separator: ",")
        return try await caller.get("/internal/availability?ids=\(ids)&known=\(versions)", in: context)
    }

    package func checkout(
        of userID: String, on eventID: String, in context: CallContext
    ) async throws(ServiceCallError) -> CheckoutReference {
        try await caller.get("/internal/checkouts/\(eventID)?userId=\(userID)", in: context)
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
