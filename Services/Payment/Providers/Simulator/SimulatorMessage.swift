import Contracts
import Foundation

/// A message of the simulated processor: that a payment has an outcome.
struct SimulatorMessage: Sendable, Codable {
    let id: String
    /// `payment.authorized`, `payment.captured` or `payment.declined`.
    let type: String
    let paymentKey: String
    let reference: String?
    let declineCode: String?

    /// Nil while there is nothing to say. The same outcome of the same payment is the same message, with the same id.
    init?(_ announcement: SimulatorMemory.Announcement) {
        switch announcement.outcome {
        case .authorized(let reference): (type, self.reference, declineCode) = ("payment.authorized", reference, nil)
        case .captured(let reference): (type, self.reference, declineCode) = ("payment.captured", reference, nil)
        case .declined(let code): (type, reference, declineCode) = ("payment.declined", nil, code)
        case .voided, .undecided: return nil
        }
        paymentKey = announcement.key
        id = "evt_\(type)_\(announcement.key)"
    }

    /// Reads one.
    init(_ body: [UInt8]) throws(WebhookRefusal) {
        do {
            self = try WireJSON.decoder.decode(SimulatorMessage.self, from: Data(body))
        } catch {
            throw .malformed
        }
    }

    /// The message as it is sent.
    func bytes() throws -> [UInt8] { Array(try WireJSON.encoder.encode(self)) }

    var event: ProviderEvent {
        let outcome: ProviderOutcome
        switch (type, reference, declineCode) {
        case ("payment.authorized", .some(let reference), _): outcome = .authorized(reference: reference)
        case ("payment.captured", .some(let reference), _): outcome = .captured(reference: reference)
        case ("payment.declined", _, .some(let code)): outcome = .declined(code: code)
        default: return ProviderEvent(id: id, kind: type, subject: .other)
        }
        return ProviderEvent(id: id, kind: type, subject: .payment(key: paymentKey, outcome))
    }
}
