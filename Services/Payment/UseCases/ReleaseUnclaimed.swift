import Contracts
import HTTPKit
import Logging

/// Gives back what nobody claimed in time. The state of each payment says what is left to do, so any replica goes on
/// where another stopped.
struct ReleaseUnclaimed: Sendable {
    let payments: AuthorizationStore
    let release: ReleasePayment
    let clock: any WallClock
    let logger: Logger

    private static let batchMax = 100
    private static let callMax = Duration.seconds(10)

    /// Whether there is anything to give back.
    func isDue() async throws -> Bool { try await payments.hasWork(at: clock.now()) }

    /// Gives back all that is due; how many were.
    @discardableResult
    func execute() async throws -> Int {
        while try await payments.expire(at: clock.now(), limit: Self.batchMax) == Self.batchMax {}
        var (released, last) = (0, "")
        while true {
            let batch = try await payments.all(
                in: .releasing, madeBy: clock.now(), after: last, limit: Self.batchMax)
            for payment in batch where payment.isReturnDue(at: clock.now()) {
                if try await finish(payment) { released += 1 }
            }
            guard let end = batch.last, batch.count == Self.batchMax else { return released }
            last = end.paymentID
        }
    }

    private func finish(_ payment: Authorization) async throws -> Bool {
        do {
            _ = try await release.finish(payment, until: .after(Self.callMax))
            return true
        } catch is PaymentRefusal {
            logger.warning(
                "an unclaimed payment is not given back yet", metadata: ["paymentId": "\(payment.paymentID)"])
            return false
        }
    }
}
