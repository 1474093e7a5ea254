import Logging
import RedisKit
import Synchronization

/// Releases whose outcome could not be learnt, carried on without anyone waiting.
///
/// Bounded in number, in attempts and in time: past the lease there is nothing left to release.
final class BackgroundReleases: Sendable {
    private static let runningMax = 1024
    /// Pauses before the attempts. The later ones matter when the lost command is executed late, by a server that
    /// had stopped for a while: its locks appear after the first attempts found none.
    private static let pauses: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(500), .seconds(2), .seconds(8), .seconds(20),
    ]

    private let logger: Logger
    private let running = Atomic<Int>(0)

    init(logger: Logger) {
        self.logger = logger
    }

    /// How many go on at this moment.
    var count: Int { running.load(ordering: .relaxed) }

    /// Runs `release` until it is answered, for `lease` at most. With `mayAppear`, finding none does not end it, for
    /// they may yet be set.
    func start(
        for lease: Duration, mayAppear: Bool, _ release: @escaping @Sendable () async throws -> ReleaseOutcome
    ) {
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= Self.runningMax else {
            running.wrappingSubtract(1, ordering: .relaxed)
            logger.warning("too many background releases; the lease will end the locks")
            return
        }
        let end = ContinuousClock.now + lease
        Task {
            await Self.run(until: end, mayAppear: mayAppear, release)
            running.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    private static func run(
        until end: ContinuousClock.Instant, mayAppear: Bool, _ release: @Sendable () async throws -> ReleaseOutcome
    ) async {
        for pause in pauses {
            guard ContinuousClock.now + pause < end else { return }
            // Nobody cancels this task; a pause cut short would only bring the next attempt sooner.
            try? await Task.sleep(for: pause)
            // A failed attempt is followed by the next one.
            guard let outcome = try? await release() else { continue }
            if case .lost(let gone, _) = outcome, gone > 0, mayAppear { continue }
            return
        }
    }
}
