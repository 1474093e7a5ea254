import Contracts
import HTTPKit
import Synchronization

@testable import payment

/// One thing that moves money, done with a payment process as its caller does it: again and again with the same keys.
final class CrashStory: Sendable {
    private let payment: PaymentProcess
    private let made = Mutex<PaymentDocument?>(nil)

    init(_ payment: PaymentProcess) {
        self.payment = payment
    }

    /// What must be there before.
    func prepare(_ operation: CrashMatrixTests.Operation) async throws {
        switch operation {
        case .authorize, .charge: return
        case .claim, .capture, .release:
            let reply = try await authorize()
            let document = try WireJSON.decode(PaymentDocument.self, from: reply.body)
            made.withLock { $0 = document }
        case .refund: _ = try await charge(.token("tok_visa"))
        case .void: _ = try await charge(.token("tok_timeout"))
        case .webhook: _ = try await charge(.token("tok_late"))
        }
    }

    /// Does it, or asks for it again; whether the answer is the final one.
    func perform(_ operation: CrashMatrixTests.Operation) async throws -> Bool {
        switch operation {
        case .authorize: return try await authorize().status == 201
        case .charge: return try await charge(.token("tok_visa")).status == 201
        case .claim, .capture:
            let reference = made.withLock { $0?.reference } ?? ""
            return try await charge(.reference(reference)).status == 201
        case .refund:
            let reply = try await payment.internally("POST", "/k1/refund", RefundRequest(refundKey: "r1"))
            guard reply.status == 200 else { return false }
            return try WireJSON.decode(ChargeDocument.self, from: reply.body).refundedMinorUnits == 5_000
        case .void:
            let request = VoidRequest(bookingId: "b1", userId: "user-1", amountMinorUnits: 5_000, currency: "USD")
            return try state(await payment.internally("POST", "/k1/void", request)) == .voided
        case .release:
            let id = made.withLock { $0?.paymentId } ?? ""
            let reply = try await payment.ask("POST", "/\(id)/refund", RefundPaymentRequest(), as: "root")
            guard reply.status == 200 else { return false }
            return try WireJSON.decode(PaymentDocument.self, from: reply.body).status == "Voided"
        // The message comes by itself; asking finds the same.
        case .webhook: return try state(await payment.internally("GET", "/k1")) == .captured
        }
    }

    private func authorize() async throws -> ClientResponse {
        try await payment.ask(
            "POST", "",
            AuthorizePaymentRequest(
                amount: Money(minorUnits: 5_000, currency: .usd).amount, method: .token("tok_visa")),
            key: "payment-1")
    }

    private func charge(_ method: PaymentMethod) async throws -> ClientResponse {
        try await payment.internally(
            "POST", "",
            ChargeRequest(
                chargeKey: "k1", bookingId: "b1", userId: "user-1", amountMinorUnits: 5_000, currency: "USD",
                payment: method))
    }

    private func state(_ reply: ClientResponse) throws -> ChargeState? {
        guard reply.status == 200 else { return nil }
        return try WireJSON.decode(ChargeDocument.self, from: reply.body).state
    }
}
