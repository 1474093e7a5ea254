import Contracts
import DatabaseKit
import HTTPKit

/// A card processor that exists only here: it behaves like a remote one, with a memory that outlives crashes of payment,
/// and moves no money.
struct SimulatorProvider: PaymentProvider {
    let name = "simulator"
    private let memory: SimulatorMemory
    private let clock: any WallClock
    /// How long after the order `tok_late` takes its money.
    private let lateBy: Duration

    init(database: any Database, clock: any WallClock, lateBy: Duration) {
        memory = SimulatorMemory(database: database)
        self.clock = clock
        self.lateBy = lateBy
    }

    func isToken(_ token: String) -> Bool {
        SimulatorScenario.byToken[token] != nil
    }

    func charge(_ charge: ProviderCharge, until deadline: Deadline) async throws -> ProviderOutcome {
        guard let scenario = SimulatorScenario(charge.instrument) else { return .declined(code: "unknown_token") }
        let now = clock.now()
        let entry = try await memory.remember(
            charge.key,
            SimulatorMemory.Entry(
                scenario: scenario, isVoided: false, minorUnits: charge.amount.minorUnits, reference: reference("ch"),
                settlesAt: scenario == .late ? now + lateBy : now))
        let outcome = entry.outcome(at: now)
        if outcome != .undecided { return outcome }
        // The processor has the order and says nothing: the caller waits in vain.
        try await Task.sleep(for: deadline.remaining)
        throw ProviderSilent()
    }

    func outcome(of key: String, until deadline: Deadline) async throws -> ProviderOutcome? {
        try await memory.entry(key)?.outcome(at: clock.now())
    }

    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        let now = clock.now()
        return try await memory.void(key, at: now).outcome(at: now)
    }

    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome {
        try await memory.refund(refund, reference: reference("re"), at: clock.now())
    }

    private func reference(_ prefix: String) -> String {
        "sim_\(prefix)_\(SecureRandom.hexadecimal(bytes: 12))"
    }
}
