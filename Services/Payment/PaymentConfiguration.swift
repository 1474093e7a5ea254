import ServiceKit

/// What payment can be told.
///
/// `PROVIDER`, `PROVIDER_SECONDS` and `SIMULATOR_LATE_SECONDS`; what each means is said by `payment --help`, which is
/// made from the same lines.
struct PaymentConfiguration: Sendable {
    /// The companies that can move the money.
    enum Provider: String, Sendable, CaseIterable {
        case simulator
    }

    let provider: Provider
    let patience: ProviderPatience
    let simulatorLateBy: Duration

    init(_ settings: Settings) throws {
        provider = try settings.choice("PROVIDER", default: .simulator, help: "who moves the money")
        patience = ProviderPatience(
            callMax: try settings.seconds(
                "PROVIDER_SECONDS", default: 3, in: 0.05...60, help: "how long the provider has to answer a call"))
        simulatorLateBy = try settings.seconds(
            "SIMULATOR_LATE_SECONDS", default: 5, in: 0...3600, help: "how long tok_late waits before it pays")
    }
}
