import Logging
import ServiceKit
import ServiceLifecycle

/// Does a piece of work again and again: at once while there is more, else after a pause. A failure is logged and the
/// work tried again.
struct RepeatedWork: Service {
    /// What it is, for the log.
    let what: String
    let interval: Duration
    let logger: Logger
    /// Does a part of the work; whether there may be more at once.
    let work: @Sendable () async throws -> Bool

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let hasMore = await attempt()
                // Only cancellation ends the pause early, and that ends the loop.
                if !hasMore { try? await Task.sleep(for: interval) }
            }
        }
    }

    private func attempt() async -> Bool {
        do {
            return try await work()
        } catch {
            if !Task.isCancelled {
                logger.warning("work that is repeated failed", metadata: ["what": "\(what)", "error": "\(error)"])
            }
            return false
        }
    }
}
