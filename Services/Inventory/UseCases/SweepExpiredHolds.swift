import Contracts
import Logging
import ServiceLifecycle

/// Frees what buyers held too long, every sweep interval.
///
/// Readers never count an ended hold, so the sweep only keeps counters and rows in step with what they already see. One
/// replica sweeps at a time; should its lease end before it does, ending a hold is still conditional and happens once.
struct SweepExpiredHolds: Service {
    let reservations: ReservationStore
    let clock: any WallClock
    let interval: Duration
    let logger: Logger
    /// Names this process in the lease.
    let process: String

    private static let batchMax = 500

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                } catch {
                    logger.warning("sweep of ended holds failed; trying again", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    /// Ends every hold that is past its end now; how many this call ended, none while another replica sweeps.
    @discardableResult
    func sweep() async throws -> Int {
        var total = 0
        while true {
            let now = clock.now()
            let ended = try await reservations.ended(by: now, limit: Self.batchMax)
            // Asked for only when there is something to do, so that a quiet service writes nothing.
            guard !ended.isEmpty, try await reservations.takeSweep(for: process, until: now + interval, at: now) else {
                return total
            }
            total += try await withThrowingTaskGroup(of: Bool.self) { group in
                for id in ended {
                    group.addTask { try await reservations.expire(id, at: now) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            guard ended.count == Self.batchMax else { return total }
        }
    }
}
