import Contracts

/// A payment that its buyer made before a purchase: the bank has agreed to the amount, and no booking has it yet.
struct Authorization: Sendable, Hashable {
    /// How far it has come.
    enum State: String, Sendable, CaseIterable {
        /// Sent to the provider, whose answer is not known yet.
        case pending = "Pending"
        case authorized = "Authorized"
        case declined = "Declined"
        /// A booking has it: from then on it is that booking's charge.
        case claimed = "Claimed"
        /// Being given back: nobody can claim it any more, and the provider is yet to void it.
        case releasing = "Releasing"
        case voided = "Voided"
    }

    let paymentID: String
    /// What people quote, and what a purchase names it by: `PAY_…`.
    let reference: String
    let userID: String
    let amount: Money
    let state: State
    let declineCode: String?
    /// The last four digits of the card; nothing else of a card is ever kept.
    let lastFour: String?
    let createdAt: Timestamp
    /// When it is given back unless a booking has claimed it.
    let expiresAt: Timestamp
    /// Counts from 1 the attempts to give back what was taken without a claim; a provider that refused one would answer
    /// the same to its key for ever.
    let returnAttempt: Int

    /// A reference that nobody guesses: 16 characters of 30, 78 bits.
    static func newReference() -> String { "PAY_" + SecureRandom.readable(16) }

    /// The key that the provider knows it by.
    ///
    /// Charges are named by keys without a slash, so the two never meet.
    var providerKey: String { Self.providerKey(of: paymentID) }

    /// The key under which the provider knows this attempt to give back what was taken without a claim.
    var returnKey: String { "\(providerKey)/unclaimed:\(returnAttempt)" }

    /// Whether its return is to be tried again by itself: after each refusal at twice its age, so that a provider that
    /// refuses for good is asked some twenty times in all.
    func isReturnDue(at now: Timestamp) -> Bool {
        returnAttempt == 1 || now >= createdAt + .seconds(5 << min(returnAttempt, 20))
    }

    static func providerKey(of paymentID: String) -> String { "payment/" + paymentID }

    /// The payment's id, when `providerKey` is an authorization's.
    static func paymentID(inProviderKey providerKey: String) -> String? {
        guard providerKey.hasPrefix("payment/") else { return nil }
        return String(providerKey.dropFirst("payment/".count))
    }

    func moved(to state: State, declineCode: String? = nil) -> Authorization {
        Authorization(
            paymentID: paymentID, reference: reference, userID: userID, amount: amount, state: state,
            declineCode: declineCode ?? self.declineCode, lastFour: lastFour, createdAt: createdAt,
            expiresAt: expiresAt, returnAttempt: returnAttempt)
    }
}

/// What an authorization is made from.
struct AuthorizationOrder: Sendable, Hashable {
    let userID: String
    let amount: Money
    /// What the buyer calls this attempt, the same each time they repeat it: a repeat after a crash goes on with what
    /// the first attempt left.
    let intent: String?
}
