import Contracts
import ServiceKit

extension AuthorizePaymentRequest {
    /// The amount, checked with its currency; what is wrong is named by field.
    func money() throws(PaymentRefusal) -> Money {
        guard let known = Currency(code: currency ?? Currency.usd.code) else {
            throw .invalid([FieldError("currency", "must be the code of a currency we sell in")])
        }
        guard let minorUnits = amount.minorUnits(of: known), minorUnits > 0 else {
            throw .invalid([FieldError("amount", Self.rule(known))])
        }
        return Money(minorUnits: minorUnits, currency: known)
    }

    fileprivate static func rule(_ currency: Currency) -> String {
        "must be more than 0, with at most \(currency.decimals) decimals for \(currency.code)"
    }
}

extension RefundPaymentRequest {
    /// The amount in minor units of a payment's currency; nil when all is meant.
    func minorUnits(of currency: Currency) throws(PaymentRefusal) -> Int64? {
        guard let amount else { return nil }
        guard let minorUnits = amount.minorUnits(of: currency), minorUnits > 0 else {
            throw .invalid([FieldError("amount", AuthorizePaymentRequest.rule(currency))])
        }
        return minorUnits
    }
}
