package import Contracts
package import DatabaseKit
package import Logging
import ServiceLifecycle

/// Forgets idempotency keys whose day is over, so that their table does not grow without end.
///
/// A key that is kept longer does no harm (its age is checked when it is used), hence the long pauses.
package struct IdempotencySweeper: Service {
    private let database: any Database
    private let clock: any WallClock
    private let logger: Logger
    private let interval: Duration
    private let store = IdempotencyStore()

    /// How many keys one transaction forgets.
    private static let batchMax = 1000

    package init(
        database: any Database, clock: any WallClock, logger: Logger, interval: Duration = .seconds(600)
    ) {
        self.database = database
        self.clock = clock
        self.logger = logger
        self.interval = interval
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                } catch {
                    logger.warning("idempotency keys could not be swept", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    /// Forgets all that are too old now.
    package func sweep() async throws {
        var swept = 0
        repeat {
            let time = clock.now() - IdempotencyStore.retention
            swept = try await database.write { [store] session in
                try store.purge(session, before: time, limit: Self.batchMax)
            }
        } while swept == Self.batchMax
    }
}
