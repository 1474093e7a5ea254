import Contracts
import HTTPKit
import HTTPTypes
import Synchronization

@testable import payment

/// The simulator behind a line that can be cut, on either way, and books that can be made to lie.
final class ScriptedProvider: PaymentProvider {
    /// Which way a call is lost.
    enum Loss: Sendable {
        case question, answer
    }

    let simulator: SimulatorProvider
    private let loss = Mutex<Loss?>(nil)
    private let told = Mutex<[String: ProviderStatus]>([:])
    private let callsToCharge = Atomic(0)

    init(_ simulator: SimulatorProvider) {
        self.simulator = simulator
    }

    var name: String { simulator.name }
    var signatureHeader: HTTPField.Name { simulator.signatureHeader }

    /// How often the provider was told to charge.
    var chargeCalls: Int { callsToCharge.load(ordering: .relaxed) }

    /// Whether answers are lost on their way.
    func losesAnswers(_ lost: Bool) { loses(lost ? .answer : nil) }

    /// What is lost from now on.
    func loses(_ lost: Loss?) { loss.withLock { $0 = lost } }

    /// Makes the provider's books say `status` of `key`.
    func claims(_ status: ProviderStatus, of key: String) { told.withLock { $0[key] = status } }

    func isToken(_ token: String) -> Bool { simulator.isToken(token) }

    func authorize(_ order: ProviderOrder, until deadline: Deadline) async throws -> ProviderOutcome {
        callsToCharge.add(1, ordering: .relaxed)
        return try await call { try await simulator.authorize(order, until: deadline) }
    }

    func capture(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        try await call { try await simulator.capture(key, until: deadline) }
    }

    func status(of key: String, until deadline: Deadline) async throws -> ProviderStatus? {
        if let status = told.withLock({ $0[key] }) { return status }
        return try await call { try await simulator.status(of: key, until: deadline) }
    }

    func void(_ key: String, until deadline: Deadline) async throws -> ProviderOutcome {
        try await call { try await simulator.void(key, until: deadline) }
    }

    func refund(_ refund: ProviderRefund, until deadline: Deadline) async throws -> ProviderRefundOutcome {
        try await call { try await simulator.refund(refund, until: deadline) }
    }

    func event(in delivery: WebhookDelivery, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent {
        try simulator.event(in: delivery, at: now)
    }

    private func call<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        if loss.withLock({ $0 == .question }) { throw ProviderSilent() }
        let answer = try await body()
        if loss.withLock({ $0 == .answer }) { throw ProviderSilent() }
        return answer
    }
}
