/// Charges, as a booking makes them; every call is idempotent by the charge's or the refund's key.
package protocol ChargeClient: Sendable {
    /// Charges the buyer; `pending` when the provider has not answered in time.
    ///
    /// With ``PaymentMethod/reference(_:)`` an authorized payment is claimed for the booking and captured: once, for the
    /// booking that came first; the same reference for the same booking again is the same charge.
    ///
    /// - Throws: `.refused` with 402 `payment-declined`, 409 `charge-voided`, 422 for a payment method that cannot be;
    ///   for a reference also 402 `payment-reference-invalid` (unknown, another buyer's, of another amount or currency,
    ///   voided or expired) and 409 `payment-reference-used` (another booking has it). Both leave no charge under the key.
    func charge(_ request: ChargeRequest, in context: CallContext) async throws(ServiceCallError) -> ChargeDocument
    /// What is known of a charge, asking the provider when it is pending; `.refused` with 404 when there is none.
    func charge(withKey key: String, in context: CallContext) async throws(ServiceCallError) -> ChargeDocument
    /// Gives a charge up for good: afterwards it is `voided`, or `captured` when the money had already moved.
    func void(_ key: String, _ request: VoidRequest, in context: CallContext)
        async throws(ServiceCallError) -> ChargeDocument
    /// Gives money back, once for each refund key.
    func refund(_ key: String, _ request: RefundRequest, in context: CallContext)
        async throws(ServiceCallError) -> ChargeDocument
}

/// The payment service over HTTP.
package struct HTTPPaymentClient: ChargeClient {
    private let caller: ServiceCaller

    package init(_ caller: ServiceCaller) {
        self.caller = caller
    }

    package func charge(
        _ request: ChargeRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await caller.call("POST", "/internal/charges", body: request, in: context)
    }

    package func charge(
        withKey key: String, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await caller.get("/internal/charges/\(key)", in: context)
    }

    package func void(
        _ key: String, _ request: VoidRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await caller.call("POST", "/internal/charges/\(key)/void", body: request, in: context)
    }

    package func refund(
        _ key: String, _ request: RefundRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await caller.call("POST", "/internal/charges/\(key)/refund", body: request, in: context)
    }
}
