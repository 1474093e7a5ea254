import Contracts
import Synchronization

/// Payment in memory: charges are named by keys, and tokens decide what becomes of them.
///
/// `tok_visa` is captured, `tok_declined` declined, `tok_timeout` stays pending, `tok_bad` cannot be a payment method.
final class FakePayment: ChargeClient {
    struct Charge: Sendable {
        var request: VoidRequest
        var state: ChargeState
        var captures = 0
        var refunds: [String: Int64] = [:]

        var refundedMinorUnits: Int64 { refunds.values.reduce(0, +) }
        var capturedMinorUnits: Int64 { Int64(captures) * request.amountMinorUnits }
    }

    /// A payment that was authorized before.
    struct Authorized: Sendable {
        let userID: String
        let amountMinorUnits: Int64
        var bookingID: String?
    }

    let faults = CallFaults()
    private let authorized = Mutex<[String: Authorized]>([:])
    private let charges = Mutex<[String: Charge]>([:])

    subscript(key: String) -> Charge? { charges.withLock { $0[key] } }

    var all: [String: Charge] { charges.withLock { $0 } }

    /// Lets the provider answer a pending charge at last.
    func settle(_ key: String, as state: ChargeState) {
        charges.withLock { table in
            guard table[key]?.state == .pending else { return }
            table[key]?.state = state
            if state == .captured { table[key]?.captures += 1 }
        }
    }

    /// Gives some of a charge back as an operator does at the provider.
    func giveBackByHand(_ minorUnits: Int64, of key: String) {
        charges.withLock { $0[key]?.refunds["by hand"] = minorUnits }
    }

    /// Authorizes a payment called `reference`.
    func authorize(_ reference: String, by userID: String = "ada", _ amountMinorUnits: Int64) {
        authorized.withLock { $0[reference] = Authorized(userID: userID, amountMinorUnits: amountMinorUnits) }
    }

    private func claim(_ reference: String, _ request: ChargeRequest) throws(ServiceCallError) {
        try authorized.withLock { table throws(ServiceCallError) in
            guard var payment = table[reference], payment.userID == request.userId,
                payment.amountMinorUnits == request.amountMinorUnits
            else { throw .refused(402, "payment-reference-invalid") }
            guard payment.bookingID ?? request.bookingId == request.bookingId else {
                throw .refused(409, "payment-reference-used")
            }
            payment.bookingID = request.bookingId
            table[reference] = payment
        }
    }

    func charge(
        _ request: ChargeRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await faults.call(.charge) { () throws(ServiceCallError) in
            if let reference = request.payment.reference { try self.claim(reference, request) }
            return try self.charges.withLock { table throws(ServiceCallError) in
                if table[request.chargeKey] == nil {
                    var charge = Charge(
                        request: VoidRequest(
                            bookingId: request.bookingId, userId: request.userId,
                            amountMinorUnits: request.amountMinorUnits, currency: request.currency),
                        state: .pending)
                    switch request.payment.method {
                    case "tok_declined": charge.state = .declined
                    case "tok_timeout": break
                    case "tok_bad": throw .refused(422, "invalid-fields")
                    default:
                        charge.state = .captured
                        charge.captures = 1
                    }
                    table[request.chargeKey] = charge
                }
                guard let charge = table[request.chargeKey] else { throw .refused(404, "not-found") }
                switch charge.state {
                case .declined: throw .refused(402, "payment-declined")
                case .voided: throw .refused(409, "charge-voided")
                case .pending, .captured: return Self.document(request.chargeKey, charge)
                }
            }
        }
    }

    func charge(
        withKey key: String, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await faults.call(.inquire) { () throws(ServiceCallError) in
            guard let charge = self[key] else { throw .refused(404, "not-found") }
            return Self.document(key, charge)
        }
    }

    func void(
        _ key: String, _ request: VoidRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await faults.call(.void) { () throws(ServiceCallError) in
            self.charges.withLock { table in
                var charge = table[key] ?? Charge(request: request, state: .voided)
                if charge.state == .pending { charge.state = .voided }
                table[key] = charge
                return Self.document(key, charge)
            }
        }
    }

    func refund(
        _ key: String, _ request: RefundRequest, in context: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        try await faults.call(.refund) { () throws(ServiceCallError) in
            try self.charges.withLock { table throws(ServiceCallError) in
                guard var charge = table[key], charge.state == .captured else {
                    throw .refused(409, "charge-not-captured")
                }
                if let known = charge.refunds[request.refundKey] {
                    guard request.amountMinorUnits ?? known == known else { throw .refused(422, "refund-key-reused") }
                } else {
                    let left = charge.capturedMinorUnits - charge.refundedMinorUnits
                    guard left > 0 else { throw .refused(409, "nothing-to-refund") }
                    guard request.amountMinorUnits ?? left <= left else { throw .refused(422, "refund-exceeds-charge") }
                    charge.refunds[request.refundKey] = request.amountMinorUnits ?? left
                }
                table[key] = charge
                return Self.document(key, charge)
            }
        }
    }

    private static func document(_ key: String, _ charge: Charge) -> ChargeDocument {
        ChargeDocument(
            chargeKey: key, paymentId: "pay-\(key)", bookingId: charge.request.bookingId, state: charge.state,
            amountMinorUnits: charge.request.amountMinorUnits, refundedMinorUnits: charge.refundedMinorUnits,
            currency: charge.request.currency, declineCode: charge.state == .declined ? "card_declined" : nil)
    }
}
