import Contracts
import Logging
import ServiceLifecycle

/// Notes in the background which events are over and announces it; readers see it by the clock, noted or not.
struct RecordEnds: Service {
    let changes: ChangeStore
    let clock: any WallClock
    let interval: Duration
    let logger: Logger

    private static let batchMax = 100

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await pass()
                } catch {
                    logger.warning("ended events could not be noted; trying again", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    /// Notes every end that has come by now.
    func pass() async throws {
        while try await changes.recordEnds(at: clock.now(), limit: Self.batchMax) == Self.batchMax {}
        try await changes.forgetIntents(at: clock.now())
    }
}
