import Logging
import ServiceKit
import ServiceLifecycle

/// Looks for unfinished bookings again and again, and forgets answers that were kept long enough.
struct RecoveryService: Service {
    let recover: RecoverBookings
    let store: SagaStore
    /// Pause between two looks when there was nothing more to do.
    let interval: Duration
    let logger: Logger

    private static let purgeInterval = Duration.seconds(60)
    private static let purgeMax = 1000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextPurge = ContinuousClock.now
            while !Task.isCancelled {
                let found = await look()
                if nextPurge <= .now {
                    await purge()
                    nextPurge = .now + Self.purgeInterval
                }
                guard found < recover.batchMax else { continue }
                // Only cancellation ends the pause early, and that ends the loop.
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func look() async -> Int {
        do {
            return try await recover.execute()
        } catch {
            if !Task.isCancelled {
                logger.warning("could not look for unfinished bookings", metadata: ["error": "\(error)"])
            }
            return 0
        }
    }

    private func purge() async {
        do {
            _ = try await store.purgeAnswers(limit: Self.purgeMax)
        } catch {
            if !Task.isCancelled {
                logger.warning("could not forget old answers", metadata: ["error": "\(error)"])
            }
        }
    }
}
