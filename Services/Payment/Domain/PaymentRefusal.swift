import Contracts

/// Why the payment service does not do what it was asked to.
enum PaymentRefusal: Error, Sendable, Hashable {
    /// The request's fields are wrong.
    case invalid([FieldError])
    /// The key names a charge with another booking, buyer or amount.
    case chargeKeyReused
    /// The key names a refund with another amount.
    case refundKeyReused
    /// No charge has this key.
    case noSuchCharge
    /// The buyer's bank or the provider said no.
    case declined(code: String)
    /// The key was voided: it never charges.
    case voided
    /// A refund of a charge whose outcome is not known yet.
    case chargePending
    /// A refund of a charge that took no money.
    case notCaptured
    /// Everything was given back already.
    case nothingLeft
    /// More than what is left.
    case exceedsCharge(leftMinorUnits: Int64)
    /// A payment reference that is unknown, somebody else's, of another amount or currency, voided or expired.
    case referenceInvalid
    /// A payment reference that another booking has claimed.
    case referenceUsed
    /// The payment is a booking's: it is given back by cancelling that.
    case claimed
    /// An authorization is given back whole; a part of it was asked for.
    case partOfAuthorization
    /// The buyer has too many payments that nothing was bought with.
    case tooManyUnclaimed
    /// The buyer's key names a payment of another amount.
    case intentReused
    /// The provider refused a refund; another attempt may succeed.
    case refundFailed(code: String)
    /// The provider did not answer; what was asked may have happened, and asking again is safe.
    case providerSilent
}
