import Contracts
import Logging
import ServiceLifecycle
import Synchronization

/// Makes the index anew from the change feed beside the one that is searched, and then puts it in its place.
///
/// What was taken over is stored with its position, so a build that was interrupted goes on where it stopped. The feed
/// is followed meanwhile; the new copy has its own position and misses nothing.
final class RebuildIndex: Service {
    struct Timing: Sendable {
        /// Deadline of one look at the feed.
        var deadline = Duration.seconds(5)
        /// Pause after a failed look.
        var pauseAfterFailure = Duration.seconds(1)
        /// How many looks may fail in a row before the build gives up.
        var failuresMax = 30
    }

    private let index: any SearchIndex
    private let feed: any EventFeed
    private let logger: Logger
    private let timing: Timing
    private let current = Mutex(RebuildStatus())
    private let requests: AsyncStream<RebuildRequest>
    private let asking: AsyncStream<RebuildRequest>.Continuation

    init(index: any SearchIndex, feed: any EventFeed, logger: Logger, timing: Timing = Timing()) {
        self.index = index
        self.feed = feed
        self.logger = logger
        self.timing = timing
        (requests, asking) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How the last build stands.
    var status: RebuildStatus { current.withLock { $0 } }

    /// Asks for a build; a running one goes on.
    func request(_ request: RebuildRequest) -> RebuildStatus {
        let isNew = current.withLock { status in
            guard status.state != .running else { return false }
            status = RebuildStatus(state: .running)
            return true
        }
        if isNew { asking.yield(request) }
        return status
    }

    /// Finishes the build that the last process left behind, then does what is asked for.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                if try await self.index.runningBuild() != nil { _ = self.request(RebuildRequest()) }
            } catch {
                self.logger.warning("cannot tell whether a build was left behind", metadata: ["error": "\(error)"])
            }
            for await request in self.requests {
                // The error is in the status and in the log.
                try? await self.build(restart: request.restart)
            }
        }
    }

    /// Makes the index anew; returns when the new one is searched.
    ///
    /// - Parameter restart: begins anew where an interrupted build could be finished
    func build(restart: Bool) async throws {
        current.withLock { $0 = RebuildStatus(state: .running) }
        do {
            try await fill(restart: restart)
            current.withLock { $0.state = .done }
            logger.info("the index was made anew", metadata: ["events": "\(status.events)"])
        } catch {
            current.withLock { status in
                status.state = .failed
                status.reason = "\(error)"
            }
            logger.error("the index could not be made anew", metadata: ["error": "\(error)"])
            throw error
        }
    }

    private func fill(restart: Bool) async throws {
        var build = restart ? nil : try await index.runningBuild()
        while true {
            let number: Int64
            if let build { number = build } else { number = try await index.beginBuild() }
            build = number
            let cursor = try await index.cursor(of: .next(build: number))
            let page = try await look(after: cursor)
            if let latest = page.latest, latest < cursor {
                build = nil
                continue
            }
            let position = page.changes.last?.sequence ?? cursor
            if !page.changes.isEmpty {
                let events = page.changes.map { IndexedEvent($0.event) }
                guard
                    try await index.apply(events, after: cursor, cursor: position, to: .next(build: number))
                else { continue }
            }
            current.withLock { status in
                status.events += page.changes.count
                status.position = position
                status.latest = max(page.latest ?? position, position)
            }
            if !page.hasMore { return try await index.promote(number) }
        }
    }

    private func look(after cursor: Int64) async throws -> EventChanges {
        var failures = 0
        while true {
            do {
                return try await feed.changes(
                    after: cursor, limit: FollowEvents.batchMax, in: .background(within: timing.deadline))
            } catch {
                failures += 1
                guard failures < timing.failuresMax, !Task.isCancelled else { throw error }
                try await Task.sleep(for: timing.pauseAfterFailure)
            }
        }
    }
}
