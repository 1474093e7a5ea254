import Contracts

/// A payment intent, as far as it matters here (https://docs.stripe.com/api/payment_intents/object).
struct StripeIntent: Sendable, Decodable {
    struct Failure: Sendable, Decodable {
        let code: String?
        let declineCode: String?

        private enum CodingKeys: String, CodingKey {
            case code
            case declineCode = "decline_code"
        }
    }

    let id: String
    let status: String
    let currency: String?
    let lastPaymentError: Failure?
    let metadata: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case id, status, currency, metadata
        case lastPaymentError = "last_payment_error"
    }

    /// Why the bank refused, when it did.
    var declineCode: String? {
        lastPaymentError.map { $0.declineCode ?? $0.code ?? "card_declined" }
    }

    /// Whether nothing was tried with it yet, so that it can be given a way to pay and be confirmed.
    var isUntried: Bool {
        ["requires_payment_method", "requires_confirmation"].contains(status) && lastPaymentError == nil
    }

    /// Whether it waits for what nobody will do: another card, or the buyer's consent in a browser.
    var isStuck: Bool {
        status == "requires_action" || (status == "requires_payment_method" && lastPaymentError != nil)
    }

    /// What became of the payment. One that could still be confirmed is undecided, whatever was refused before.
    var outcome: ProviderOutcome {
        switch status {
        case "succeeded": .captured(reference: id)
        case "requires_capture": .authorized(reference: id)
        case "canceled": declineCode.map { .declined(code: $0) } ?? .voided
        default: .undecided
        }
    }
}

/// A refund (https://docs.stripe.com/api/refunds/object).
struct StripeRefund: Sendable, Decodable {
    let id: String
    let amount: Int64
    let status: String?
    let failureReason: String?
    let metadata: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case id, amount, status, metadata
        case failureReason = "failure_reason"
    }

    var outcome: ProviderRefundOutcome {
        switch status {
        case "succeeded": .succeeded(reference: id)
        case "failed", "canceled": .failed(code: failureReason ?? "refund_failed")
        default: .undecided
        }
    }

    /// Whether the money is back or on its way.
    var countsAsGiven: Bool {
        if case .failed = outcome { false } else { true }
    }
}

/// A list of objects.
struct StripeList<Element: Decodable & Sendable>: Sendable, Decodable {
    let data: [Element]
}

/// Something that is only referred to.
struct StripeID: Sendable, Decodable {
    let id: String
}

/// What Stripe says instead of a result (https://docs.stripe.com/api/errors).
struct StripeFailure: Sendable, Decodable {
    struct Body: Sendable, Decodable {
        let type: String?
        let code: String?
        let declineCode: String?

        private enum CodingKeys: String, CodingKey {
            case type, code
            case declineCode = "decline_code"
        }
    }

    let error: Body
}

/// What our objects at Stripe are marked with.
enum StripeMetadata {
    /// The payment's key.
    static let payment = "holdfast_payment"
    /// The key of a refund's attempt.
    static let refund = "holdfast_refund"
}

extension Money {
    /// The amount as Stripe wants it: minor units, except that krónur and shillings are counted in hundredths, and that
    /// three decimals must end in a zero (https://docs.stripe.com/currencies#special-cases). Nil for what it cannot take.
    var stripeAmount: Int64? {
        switch currency.code {
        case "ISK", "UGX": minorUnits.multipliedReportingOverflow(by: 100).partialValue
        default: currency.decimals == 3 && minorUnits % 10 != 0 ? nil : minorUnits
        }
    }

    /// An amount of Stripe's in our minor units.
    static func minorUnits(fromStripe amount: Int64, in currency: Currency) -> Int64 {
        ["ISK", "UGX"].contains(currency.code) ? amount / 100 : amount
    }
}
