import HTTPKit
import Synchronization

@testable import payment

/// The simulator behind a line that can be cut: calls arrive, their answers do not.
final class ScriptedProvider: PaymentProvider {
    let simulator: SimulatorProvider
    private let isMute = Atomic(false)
    private let callsToCharge = Atomic(0)

    init(_ simulator: SimulatorProvider) {
        self.simulator = simulator
    }

    var name: String { simulator.name }

    /// How often the provider was told to charge.
    var chargeCalls: Int { callsToCharge.load(ordering: .relaxed) }

    /// Whether answers are lost on their way.
    func losesAnswers(_ lost: Bool) {
        isMute.store(lost, ordering: .relaxed)
    }

    func isToken(_ token: String) -> Bool { simulator.isToken(token) }

    func charge(_ charge: ProviderCharge, until deadline: Deadline) async throws -> ProviderOutcome {
        callsToCharge.add(1, ordering: .relaxed)
        return try answered(try await simulator.charge(charge, until: deadline))
    }

    func outcome(of key: String, until deadline: Deadline) async throws -> ProviderOutcome? {
        try answered(try await simulator.outcome(of: key, until: deadline))
    }

    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        try answered(try await simulator.void(key, until: deadline))
    }

    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome {
        try answered(try await simulator.refund(refund, until: deadline))
    }

    private func answered<Answer>(_ answer: Answer) throws -> Answer {
        if isMute.load(ordering: .relaxed) { throw ProviderSilent() }
        return answer
    }
}
