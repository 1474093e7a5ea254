import Contracts
import Logging
import ServiceLifecycle

/// Forgets sessions some time after their end.
struct SessionSweeper: Service {
    static let interval: Duration = .seconds(600)
    /// Sessions forgotten in one write, so that sign-ins do not wait behind a sweep.
    static let batch = 500

    let sessions: SessionStore
    let clock: any WallClock
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("sweeping sessions failed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Forgets all that have ended.
    func sweep() async throws {
        while try await sessions.purge(before: clock.now(), limit: Self.batch) == Self.batch {
            try Task.checkCancellation()
        }
    }
}
