/// What inventory has sold, as booking takes it back.
package protocol SaleClient: Sendable {
    /// Frees the places of a sale that are not among `kept`; again, and after a later call, is fine.
    ///
    /// - Throws: `.refused` with 404 for a reservation that inventory does not know or never sold to the booking
    func keep(_ kept: KeptPlaces, of reservationID: String, in context: CallContext) async throws(ServiceCallError)
    /// Says that a cancelled event's buyers get their money back, so that it cannot be put on sale again.
    ///
    /// - Throws: `.refused` with 409 `event-not-cancelled` for an event that is not cancelled, or not any more
    func beginRefunds(ofEvent eventID: String, in context: CallContext) async throws(ServiceCallError)
}

extension HTTPInventoryClient: SaleClient {
    package func keep(
        _ kept: KeptPlaces, of reservationID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await caller.send("PUT", "/internal/reservations/\(reservationID)/sale", body: kept, in: context)
    }

    package func beginRefunds(ofEvent eventID: String, in context: CallContext) async throws(ServiceCallError) {
        try await caller.send("POST", "/internal/events/\(eventID)/refunds", body: String?.none, in: context)
    }
}
