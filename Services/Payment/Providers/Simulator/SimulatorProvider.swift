import Contracts
import DatabaseKit
import HTTPKit
import HTTPTypes
import ServiceKit

/// A card processor that exists only here: it behaves like a remote one, with a memory that outlives crashes of payment,
/// and moves no money.
struct SimulatorProvider: PaymentProvider {
    static let name = "simulator"

    var name: String { Self.name }
    var signatureHeader: HTTPField.Name { .webhookSignature }
    let memory: SimulatorMemory
    private let clock: any WallClock
    /// How long after the order `tok_late` takes its money.
    private let lateBy: Duration
    let signature: WebhookSignature

    init(database: any Database, clock: any WallClock, lateBy: Duration, signature: WebhookSignature) {
        memory = SimulatorMemory(database: database)
        self.clock = clock
        self.lateBy = lateBy
        self.signature = signature
    }

    func isToken(_ token: String) -> Bool {
        SimulatorScenario.byToken[token] != nil
    }

    func authorize(_ order: ProviderOrder, until deadline: Deadline) async throws -> ProviderOutcome {
        guard let scenario = SimulatorScenario(order.instrument) else { return .declined(code: "unknown_token") }
        let now = clock.now()
        let entry = try await memory.remember(
            order.key,
            SimulatorMemory.Entry(
                scenario: scenario, isVoided: false, minorUnits: order.amount.minorUnits, reference: reference("ch"),
                settlesAt: scenario == .late ? now + lateBy : now, isCaptured: order.isCaptured))
        let outcome = entry.outcome(at: now)
        if outcome != .undecided { return outcome }
        // The processor has the order and says nothing: the caller waits in vain.
        try await Task.sleep(for: deadline.remaining)
        throw ProviderSilent()
    }

    func capture(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        let now = clock.now()
        return try await memory.capture(key, at: now)?.outcome(at: now) ?? .undecided
    }

    func status(of key: String, until deadline: Deadline) async throws -> ProviderStatus? {
        guard let outcome = try await memory.entry(key)?.outcome(at: clock.now()) else { return nil }
        guard case .captured = outcome else { return ProviderStatus(outcome: outcome, refundedMinorUnits: 0) }
        return ProviderStatus(outcome: outcome, refundedMinorUnits: try await memory.refunded(key))
    }

    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        let now = clock.now()
        return try await memory.void(key, at: now).outcome(at: now)
    }

    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome {
        try await memory.refund(refund, reference: reference("re"), at: clock.now())
    }

    func event(in delivery: WebhookDelivery, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent {
        try signature.verify(delivery, at: now)
        return try SimulatorMessage(delivery.body).event
    }

    private func reference(_ prefix: String) -> String {
        "sim_\(prefix)_\(SecureRandom.hexadecimal(bytes: 12))"
    }
}
