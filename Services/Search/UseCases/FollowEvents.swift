import Contracts
import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the index up with the events service by reading its change feed, from where it stopped, again and again.
final class FollowEvents: Service {
    struct Timing: Sendable {
        /// Pause between looks at a feed that had nothing new.
        var interval = Duration.milliseconds(250)
        /// Deadline of one look.
        var deadline = Duration.seconds(5)
        /// Pause after a failed look.
        var pauseAfterFailure = Duration.seconds(1)
        /// How often ended events are taken out.
        var endedInterval = Duration.seconds(5)
    }

    private let index: any SearchIndex
    private let feed: any EventFeed
    private let rebuild: RebuildIndex
    private let clock: any WallClock
    private let logger: Logger
    private let timing: Timing
    private let caughtUp = Atomic(false)

    /// How many changes one look takes at most.
    static let batchMax = 200

    init(
        index: any SearchIndex, feed: any EventFeed, rebuild: RebuildIndex, clock: any WallClock, logger: Logger,
        timing: Timing = Timing()
    ) {
        self.index = index
        self.feed = feed
        self.rebuild = rebuild
        self.clock = clock
        self.logger = logger
        self.timing = timing
    }

    /// Whether the index has had everything at least once since the process began.
    var hasCaughtUp: Bool { caughtUp.load(ordering: .acquiring) }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var isFailing = false
            var lastSweep: ContinuousClock.Instant?
            while !Task.isCancelled {
                let pause: Duration
                do {
                    let isBehind = try await self.pass()
                    if lastSweep.map({ .now - $0 >= self.timing.endedInterval }) ?? true {
                        lastSweep = .now
                        try await self.index.forgetEnded(at: self.clock.now())
                    }
                    pause = isBehind ? .zero : self.timing.interval
                    if isFailing { self.logger.info("following events again") }
                    isFailing = false
                } catch {
                    pause = self.timing.pauseAfterFailure
                    if !isFailing && !Task.isCancelled {
                        self.logger.warning("cannot follow events; trying again", metadata: ["error": "\(error)"])
                    }
                    isFailing = true
                }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// Takes over everything that is in the feed by now; returns when all of it can be found.
    ///
    /// For whoever hears of a change, from a stream or otherwise: the feed tells each event in its latest version, so
    /// an announcement that comes twice, late or in another order asks for nothing that was not asked for already.
    func catchUp() async throws {
        while try await pass() {}
    }

    /// Takes over one batch of changes; true when there may be more at once.
    func pass() async throws -> Bool {
        let cursor = try await index.cursor(of: .live)
        let page = try await feed.changes(
            after: cursor, limit: Self.batchMax, in: .background(within: timing.deadline))
        if let latest = page.latest, latest < cursor {
            logger.warning(
                "the events service began anew: indexing everything again",
                metadata: ["cursor": "\(cursor)", "latest": "\(latest)"])
            try await rebuild.build(restart: true)
            return true
        }
        if let last = page.changes.last {
            let events = page.changes.map { IndexedEvent($0.event) }
            // A build may have become the live copy meanwhile, and may not be as far.
            guard try await index.apply(events, after: cursor, cursor: last.sequence, to: .live) else { return true }
        }
        if !page.hasMore { caughtUp.store(true, ordering: .releasing) }
        return page.hasMore
    }
}
