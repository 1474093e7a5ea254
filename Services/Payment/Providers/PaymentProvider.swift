import Contracts
import HTTPKit
import HTTPTypes

/// A company that moves the money: told what to do under keys of ours, so that saying it twice does it once.
///
/// Every call has a deadline; ``ProviderSilent`` means that no answer came by then, and nothing about what happened.
protocol PaymentProvider: Sendable {
    /// Its name in settings, addresses and logs.
    var name: String { get }

    /// The header that carries the signature of its messages.
    var signatureHeader: HTTPField.Name { get }

    /// Whether `token` is one of its payment tokens.
    func isToken(_ token: String) -> Bool

    /// Has the bank agree to the whole amount, and takes it in the same step when the order says so; or says why not.
    /// A key that was voided never gets any.
    func authorize(_ order: ProviderOrder, until deadline: Deadline) async throws -> ProviderOutcome

    /// Takes the money that was agreed to under `key`.
    func capture(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome

    /// What became of `key`; nil when the provider never heard of it.
    func status(of key: String, until deadline: Deadline) async throws -> ProviderStatus?

    /// Makes sure that `key` takes no money from now on, heard of or not; answers `captured` when it is too late.
    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome

    /// Gives money that was taken back.
    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome

    /// Verifies that a message is the provider's own and recent, and reads it.
    func event(in delivery: WebhookDelivery, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent
}

/// A payment as a provider is told it.
struct ProviderOrder: Sendable {
    /// The idempotency key: the payment's own.
    let key: String
    let amount: Money
    let instrument: PaymentInstrument
    /// Whether the money is taken at once.
    let isCaptured: Bool
}

/// What became of a payment at the provider.
enum ProviderOutcome: Sendable, Hashable {
    /// The bank has agreed, nothing was taken.
    case authorized(reference: String)
    case captured(reference: String)
    case declined(code: String)
    case voided
    /// Not decided yet.
    case undecided
}

/// A payment as the provider's books have it.
struct ProviderStatus: Sendable, Hashable {
    let outcome: ProviderOutcome
    /// How much was given back, in minor units.
    let refundedMinorUnits: Int64
}

/// A refund as a provider is told it.
struct ProviderRefund: Sendable {
    /// The idempotency key: one for each attempt.
    let key: String
    /// The key of the payment that took the money.
    let paymentKey: String
    let amount: Money
}

/// What became of a refund at the provider.
enum ProviderRefundOutcome: Sendable, Hashable {
    case succeeded(reference: String)
    case failed(code: String)
    /// Accepted, not decided yet.
    case undecided
}

/// No answer came in time, or the provider could not be reached: what was asked may or may not have happened.
struct ProviderSilent: Error {}
