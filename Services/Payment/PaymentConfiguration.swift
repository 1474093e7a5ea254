import Contracts
import ServiceKit

/// What payment can be told.
///
/// `PAYMENT_PROVIDER`, `PROVIDER_SECONDS`, `AUTHORIZATION_SECONDS`, `RELEASE_SECONDS`, `RECONCILE_SECONDS`,
/// `RECONCILE_AFTER_SECONDS`, `SIMULATOR_LATE_SECONDS`, `SIMULATOR_WEBHOOK_SECRET`, `STRIPE_SECRET_KEY`,
/// `STRIPE_WEBHOOK_SECRET` and `STRIPE_BASE_URL`; what each means is said by `payment --help`, which is made from the
/// same lines.
struct PaymentConfiguration: Sendable {
    /// The companies that can move the money.
    enum Provider: String, Sendable, CaseIterable {
        case simulator
        case stripe
    }

    /// What is needed to talk to Stripe.
    struct Stripe: Sendable, CustomStringConvertible {
        let secretKey: String
        let webhookSecret: String
        /// Without a slash at its end.
        let baseURL: String

        /// Nothing of the secrets.
        var description: String { "Stripe(\(baseURL))" }
    }

    let provider: Provider
    let patience: ProviderPatience
    /// How long a payment waits for a purchase.
    let authorizationLifetime: Duration
    let releaseInterval: Duration
    let reconcileInterval: Duration
    /// How long what is new is left to those who work on it.
    let reconcileDelay: Duration
    let simulatorLateBy: Duration
    let simulatorWebhookSecret: String
    /// Nil unless it is the provider.
    let stripe: Stripe?

    init(_ settings: Settings) throws {
        let provider: Provider = try settings.choice(
            "PAYMENT_PROVIDER", default: .simulator, help: "who moves the money")
        self.provider = provider
        patience = ProviderPatience(
            callMax: try settings.seconds(
                "PROVIDER_SECONDS", default: 3, in: 0.05...60, help: "how long the provider has to answer a call"))
        authorizationLifetime = try settings.seconds(
            "AUTHORIZATION_SECONDS", default: 1200, in: 1...604_800,
            help: "how long a payment waits for a purchase before it is given back")
        releaseInterval = try settings.seconds(
            "RELEASE_SECONDS", default: 5, in: 0.05...3600, help: "pause between two looks for payments to give back")
        reconcileInterval = try settings.seconds(
            "RECONCILE_SECONDS", default: 30, in: 0.05...86_400, help: "pause between two reconciliations")
        reconcileDelay = try settings.seconds(
            "RECONCILE_AFTER_SECONDS", default: 60, in: 0...86_400,
            help: "how long a change is left alone before it is reconciled")
        simulatorLateBy = try settings.seconds(
            "SIMULATOR_LATE_SECONDS", default: 5, in: 0...3600, help: "how long tok_late waits before it pays")
        simulatorWebhookSecret =
            try settings.optionalSecret(
                "SIMULATOR_WEBHOOK_SECRET", help: "what the simulator signs its messages with; random if not given")
            ?? SecureRandom.hexadecimal(bytes: 32)
        stripe = try Self.stripe(settings, isNeeded: provider == .stripe)
    }

    private static func stripe(_ settings: Settings, isNeeded: Bool) throws -> Stripe? {
        let key = try settings.optionalSecret(
            "STRIPE_SECRET_KEY", help: "Stripe's secret key (sk_… or rk_…); needed for the provider stripe")
        let secret = try settings.optionalSecret(
            "STRIPE_WEBHOOK_SECRET", help: "what Stripe signs its webhooks with (whsec_…); needed with it")
        var baseURL = try settings.string(
            "STRIPE_BASE_URL", default: "https://api.stripe.com", help: "where Stripe is")
        guard isNeeded, !settings.isDocumenting else { return nil }
        guard let key, let secret else {
            throw SettingsError("PAYMENT_PROVIDER=stripe needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET")
        }
        guard baseURL.hasPrefix("https://") || baseURL.hasPrefix("http://"),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw SettingsError("STRIPE_BASE_URL must be written https://host, STRIPE_SECRET_KEY as Stripe shows it")
        }
        while baseURL.hasSuffix("/") { baseURL.removeLast() }
        return Stripe(secretKey: key, webhookSecret: secret, baseURL: baseURL)
    }
}
