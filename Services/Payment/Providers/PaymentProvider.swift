import Contracts
import HTTPKit

/// A company that moves the money: told what to do under keys of ours, so that saying it twice does it once.
///
/// Every call has a deadline; ``ProviderSilent`` means that no answer came by then, and nothing about what happened.
protocol PaymentProvider: Sendable {
    /// Its name in settings and logs.
    var name: String { get }

    /// Whether `token` is one of its payment tokens.
    func isToken(_ token: String) -> Bool

    /// Takes the money, at once and entirely, or says why not. A key that was voided never takes any.
    func charge(_ charge: ProviderCharge, until deadline: Deadline) async throws -> ProviderOutcome

    /// What became of the charge called `key`; nil when the provider never heard of it.
    func outcome(of key: String, until deadline: Deadline) async throws -> ProviderOutcome?

    /// Makes sure that `key` takes no money from now on, heard of or not; answers `captured` when it is too late.
    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome

    /// Gives money of a captured charge back.
    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome
}

/// A charge as a provider is told it.
struct ProviderCharge: Sendable {
    /// The idempotency key: the charge's own.
    let key: String
    let amount: Money
    let instrument: PaymentInstrument
}

/// What became of a charge at the provider.
enum ProviderOutcome: Sendable, Hashable {
    case captured(reference: String)
    case declined(code: String)
    case voided
    /// Not decided yet.
    case undecided
}

/// A refund as a provider is told it.
struct ProviderRefund: Sendable {
    /// The idempotency key: one for each attempt.
    let key: String
    let chargeKey: String
    let minorUnits: Int64
}

/// What became of a refund at the provider.
enum ProviderRefundOutcome: Sendable, Hashable {
    case succeeded(reference: String)
    case failed(code: String)
}

/// No answer came in time, or the provider could not be reached: what was asked may or may not have happened.
struct ProviderSilent: Error {}
