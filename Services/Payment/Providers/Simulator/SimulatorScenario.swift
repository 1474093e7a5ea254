/// How the simulated processor behaves, chosen by the card or the token.
enum SimulatorScenario: String, Sendable, CaseIterable {
    case success
    case declined
    case insufficientFunds
    /// Takes the order and never answers or decides.
    case timeout
    /// Takes the money, but says so only after a while.
    case late
    /// Takes the money; the first refund fails.
    case refundFails

    /// The scenario that `instrument` stands for; cards that are not among the test cards are declined.
    init?(_ instrument: PaymentInstrument) {
        switch instrument {
        case .card(let card): self = Self.byCard[card.number] ?? .declined
        case .token(let token):
            guard let scenario = Self.byToken[token] else { return nil }
            self = scenario
        }
    }

    /// The code of a refusal; nil where the money is taken or nothing is said.
    var declineCode: String? {
        switch self {
        case .declined: "card_declined"
        case .insufficientFunds: "insufficient_funds"
        case .success, .timeout, .late, .refundFails: nil
        }
    }

    static let byToken: [String: SimulatorScenario] = [
        "tok_visa": .success, "tok_declined": .declined, "tok_insufficient": .insufficientFunds,
        "tok_timeout": .timeout, "tok_late": .late, "tok_refund_fails": .refundFails,
    ]

    static let byCard: [String: SimulatorScenario] = [
        "4242424242424242": .success, "4000000000000002": .declined, "4000000000009995": .insufficientFunds,
        "4000000000000119": .timeout, "4000000000000341": .late, "4000000000005126": .refundFails,
    ]
}
