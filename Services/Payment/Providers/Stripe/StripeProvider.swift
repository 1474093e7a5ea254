import Contracts
import DatabaseKit
import Foundation
import HTTPKit
import HTTPTypes
import ServiceKit

/// Stripe, by payment intents (https://docs.stripe.com/payments/payment-intents).
///
/// An intent is made without a card, remembered under our key, and only then given a way to pay and confirmed. So the
/// step that may be repeated with other words carries no card, the one that moves money happens at most once for an
/// intent whatever Stripe remembers of idempotency keys, and everything afterwards goes by the intent.
struct StripeProvider: PaymentProvider {
    static let name = "stripe"

    var name: String { Self.name }
    var signatureHeader: HTTPField.Name { .stripeSignature }
    private let stripe: StripeClient
    private let memory: StripeMemory
    private let signature: WebhookSignature

    private static let refundsListed = 100

    init(_ stripe: StripeClient, memory: StripeMemory, signature: WebhookSignature) {
        self.stripe = stripe
        self.memory = memory
        self.signature = signature
    }

    /// A payment method or a single-use token.
    func isToken(_ token: String) -> Bool {
        guard token.hasPrefix("pm_") || token.hasPrefix("tok_"), token.utf8.count <= 255 else { return false }
        return token.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    func authorize(_ order: ProviderOrder, until deadline: Deadline) async throws -> ProviderOutcome {
        try await answered {
            let intentID: String
            do {
                guard let known = try await self.intentID(for: order, until: deadline) else {
                    let isClosed = try await memory.entry(order.key)?.isClosed == true
                    return isClosed ? .voided : .declined(code: "amount_not_supported")
                }
                intentID = known
            } catch StripeError.refused(_, let code) {
                return try await close(order.key, declining: code, until: deadline)
            }
            let intent: StripeIntent = try await stripe.get(Self.path(intentID), until: deadline)
            guard intent.isUntried else { return try await settled(intent, until: deadline) }
            guard try await memory.entry(order.key)?.isClosed == false else {
                return try await cancel(intentID, until: deadline)
            }
            return try await confirm(intentID, order, until: deadline)
        }
    }

    func capture(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        try await answered {
            guard let intentID = try await memory.entry(key)?.intentID else { return .undecided }
            do throws(StripeError) {
                let path = Self.path(intentID, "/capture")
                let intent: StripeIntent = try await stripe.post(path, key: "capture-\(key)", until: deadline)
                return intent.outcome
            } catch {
                return try await afterRefusal(error, intentID, until: deadline)
            }
        }
    }

    func status(of key: String, until deadline: Deadline) async throws -> ProviderStatus? {
        try await answered {
            guard let entry = try await memory.entry(key) else { return nil }
            guard let intentID = entry.intentID else {
                return ProviderStatus(outcome: .voided, refundedMinorUnits: 0)
            }
            let intent: StripeIntent = try await stripe.get(Self.path(intentID), until: deadline)
            let outcome = try await settled(intent, until: deadline)
            guard case .captured = outcome else { return ProviderStatus(outcome: outcome, refundedMinorUnits: 0) }
            let given = try await refunds(of: intentID, until: deadline).filter(\.countsAsGiven)
            let currency = intent.currency.flatMap(Currency.init(code:)) ?? .usd
            let sum = given.reduce(0) { $0 + Money.minorUnits(fromStripe: $1.amount, in: currency) }
            return ProviderStatus(outcome: outcome, refundedMinorUnits: sum)
        }
    }

    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        try await answered {
            // Closed first: an intent that is being made for the key will not be confirmed.
            guard let intentID = try await memory.close(key).intentID else { return .voided }
            return try await cancel(intentID, until: deadline)
        }
    }

    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome {
        try await answered {
            guard let intentID = try await memory.entry(refund.paymentKey)?.intentID else {
                return .failed(code: "charge_not_captured")
            }
            // Looked for first: a repeat may come later than Stripe remembers its key.
            let known = try await refunds(of: intentID, until: deadline).first {
                $0.metadata?[StripeMetadata.refund] == refund.key
            }
            if let known { return known.outcome }
            guard let amount = refund.amount.stripeAmount else { return .failed(code: "amount_not_supported") }
            let form = StripeForm([
                ("payment_intent", intentID), ("amount", String(amount)),
                ("metadata[\(StripeMetadata.refund)]", refund.key),
                ("metadata[\(StripeMetadata.payment)]", refund.paymentKey),
            ])
            do throws(StripeError) {
                let made: StripeRefund = try await stripe.post(
                    "/v1/refunds", form, key: "refund-\(refund.key)", until: deadline)
                return made.outcome
            } catch {
                guard case .refused(_, let code) = error else { throw error }
                return .failed(code: code)
            }
        }
    }

    func event(in delivery: WebhookDelivery, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent {
        try signature.verify(delivery, at: now)
        return try StripeEvent(delivery.body).event
    }
}

// MARK: - Intents

extension StripeProvider {
    /// The intent that the key's money moves by, made when there is none; nil when there can be none: the key was
    /// voided, or Stripe does not know such an amount.
    private func intentID(for order: ProviderOrder, until deadline: Deadline) async throws -> String? {
        if let known = try await memory.entry(order.key) { return known.intentID }
        guard let amount = order.amount.stripeAmount else { return nil }
        let form = StripeForm([
            ("amount", String(amount)), ("currency", order.amount.currency.code.lowercased()),
            ("capture_method", order.isCaptured ? "automatic" : "manual"), ("payment_method_types[]", "card"),
            ("metadata[\(StripeMetadata.payment)]", order.key),
        ])
        let made: StripeID = try await stripe.post(
            "/v1/payment_intents", form, key: "intent-\(order.key)", until: deadline)
        return try await memory.remember(order.key, made.id).intentID
    }

    /// Ends a key that Stripe makes no intent for, as for an amount under its least. The key is closed first, so that no
    /// straggler has one made after all.
    private func close(
        _ key: String, declining code: String, until deadline: Deadline
    ) async throws -> ProviderOutcome {
        guard let intentID = try await memory.close(key).intentID else { return .declined(code: code) }
        return try await end(intentID, declining: code, until: deadline)
    }

    /// Gives the intent a way to pay and lets it pay. Who comes second finds it confirmed, and asks what became of it.
    private func confirm(
        _ intentID: String, _ order: ProviderOrder, until deadline: Deadline
    ) async throws(StripeError) -> ProviderOutcome {
        do throws(StripeError) {
            let method = try await paymentMethod(order.instrument, until: deadline)
            let given: StripeIntent = try await stripe.post(
                Self.path(intentID), StripeForm([("payment_method", method)]), until: deadline)
            guard given.isUntried else { return try await settled(given, until: deadline) }
            let intent: StripeIntent = try await stripe.post(
                Self.path(intentID, "/confirm"), key: "confirm-\(order.key)", until: deadline)
            return try await settled(intent, until: deadline)
        } catch {
            return try await afterRefusal(error, intentID, until: deadline)
        }
    }

    /// The id of a payment method for `instrument`. It moves no money, so a repeat may make another one.
    private func paymentMethod(
        _ instrument: PaymentInstrument, until deadline: Deadline
    ) async throws(StripeError) -> String {
        switch instrument {
        case .token(let token) where token.hasPrefix("pm_"): return token
        case .token(let token): return try await make([("card[token]", token)], until: deadline)
        case .card(let card):
            return try await make(
                [
                    ("card[number]", card.number), ("card[exp_month]", String(card.expiryMonth)),
                    ("card[exp_year]", String(card.expiryYear)), ("card[cvc]", card.securityCode),
                    ("billing_details[name]", card.holderName),
                ], until: deadline)
        }
    }

    private func make(_ card: [(String, String)], until deadline: Deadline) async throws(StripeError) -> String {
        let method: StripeID = try await stripe.post(
            "/v1/payment_methods", StripeForm([("type", "card")] + card), until: deadline)
        return method.id
    }

    /// What a refused step leaves the payment in: a decline ends the intent, and so does a way to pay that Stripe does
    /// not take, so that no straggler tries it again; else the intent itself says how it stands.
    private func afterRefusal(
        _ error: StripeError, _ intentID: String, until deadline: Deadline
    ) async throws(StripeError) -> ProviderOutcome {
        switch error {
        case .declined(let code): return try await end(intentID, declining: code, until: deadline)
        case .refused(_, let code):
            let intent: StripeIntent = try await stripe.get(Self.path(intentID), until: deadline)
            guard intent.isUntried else { return try await settled(intent, until: deadline) }
            return try await end(intentID, declining: code, until: deadline)
        case .unauthorized, .unavailable, .malformedReply: throw error
        }
    }

    /// Ends the intent as declined, unless its money has moved all the same.
    private func end(
        _ intentID: String, declining code: String, until deadline: Deadline
    ) async throws(StripeError) -> ProviderOutcome {
        let outcome = try await cancel(intentID, until: deadline)
        switch outcome {
        case .voided, .declined: return .declined(code: code)
        case .captured, .authorized, .undecided: return outcome
        }
    }

    /// What became of the intent; one that waits for what nobody will do is ended.
    private func settled(
        _ intent: StripeIntent, until deadline: Deadline
    ) async throws(StripeError) -> ProviderOutcome {
        guard intent.isStuck else { return intent.outcome }
        return try await end(
            intent.id, declining: intent.declineCode ?? "authentication_required", until: deadline)
    }

    private func cancel(_ intentID: String, until deadline: Deadline) async throws(StripeError) -> ProviderOutcome {
        do throws(StripeError) {
            let intent: StripeIntent = try await stripe.post(Self.path(intentID, "/cancel"), until: deadline)
            return intent.outcome
        } catch {
            guard case .refused = error else { throw error }
            let intent: StripeIntent = try await stripe.get(Self.path(intentID), until: deadline)
            return intent.outcome
        }
    }

    private func refunds(of intentID: String, until deadline: Deadline) async throws(StripeError) -> [StripeRefund] {
        let list: StripeList<StripeRefund> = try await stripe.get(
            "/v1/refunds?payment_intent=\(StripeForm.encode(intentID))&limit=\(Self.refundsListed)", until: deadline)
        return list.data
    }

    private static func path(_ intentID: String, _ action: String = "") -> String {
        "/v1/payment_intents/\(StripeForm.encode(intentID))\(action)"
    }

    /// Runs `body`; where Stripe's word is missing, nothing is known.
    private func answered<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch is StripeError {
            throw ProviderSilent()
        }
    }
}
