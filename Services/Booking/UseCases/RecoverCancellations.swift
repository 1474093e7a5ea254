import Contracts
import Logging
import ServiceKit

/// Finishes the cancellations whose worker went missing or had to leave them.
struct RecoverCancellations: Sendable {
    let store: CancellationStore
    let runner: CancellationRunner
    let timing: RecoveryTiming
    /// Names this process in leases.
    let process: String
    /// How many are taken up at a time, and how many of them are worked on at once.
    let batchMax: Int
    let concurrencyMax: Int
    let logger: Logger

    /// Takes up what is due.
    ///
    /// - Returns: how many that were; `batchMax` when there may be more
    func execute() async throws -> Int {
        // Ends before the leases do: what came later could record nothing any more.
        let call = CallContext.background(within: timing.lease * 4 / 5)
        let due = try await store.takeUp(owner: process, lease: timing.lease, limit: batchMax)
        await run(due, as: "recovery:\(process)", call)
        return due.count
    }

    /// Carries on with cancellations that this process has the leases of.
    func run(_ cancellations: [Cancellation], as actor: String, _ call: CallContext) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, cancellation) in cancellations.enumerated() {
                if index >= concurrencyMax { await group.next() }
                group.addTask { await finish(cancellation, as: actor, call) }
            }
        }
    }

    private func finish(_ cancellation: Cancellation, as actor: String, _ call: CallContext) async {
        do {
            _ = try await runner.run(cancellation, as: actor, call)
        } catch {
            logger.warning(
                "could not finish a cancellation; it is tried again after its lease",
                metadata: ["bookingId": "\(cancellation.bookingID)", "error": "\(error)"])
        }
    }
}
