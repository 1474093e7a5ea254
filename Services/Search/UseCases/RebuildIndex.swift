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

    /// A build under way.
    private struct Flight {
        let number: Int
        /// Whether it began anew instead of going on with one that was interrupted.
        let restarts: Bool
        let task: Task<Void, any Error>
    }

    private struct State {
        var status = RebuildStatus()
        /// The newest build under way, for all who ask for one meanwhile.
        var flight: Flight?
        var flightsBegun = 0
    }

    /// What one look at the feed did for a build.
    private enum Step {
        case followed, promoted, feedBeganAnew
    }

    private let index: any SearchIndex
    private let feed: any EventFeed
    private let logger: Logger
    private let timing: Timing
    private let state = Mutex(State())
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
    var status: RebuildStatus { state.withLock { $0.status } }

    /// Asks for a build; a running one goes on.
    func request(_ request: RebuildRequest) -> RebuildStatus {
        let isNew = state.withLock { state in
            guard state.status.state != .running else { return false }
            state.status = RebuildStatus(state: .running)
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
    /// Who asks while a build is under way waits for that one: two that begin anew would empty each other's copy again
    /// and again. Only who wants to begin anew is not served by one that goes on with an earlier copy, and follows it.
    ///
    /// - Parameter restart: begins anew where an interrupted build could be finished
    func build(restart: Bool) async throws {
        let task = state.withLock { state -> Task<Void, any Error> in
            if let flight = state.flight, flight.restarts || !restart { return flight.task }
            state.flightsBegun += 1
            let task = Task { [number = state.flightsBegun, previous = state.flight?.task] in
                _ = await previous?.result
                try await carryOut(number, restart: restart)
            }
            state.flight = Flight(number: state.flightsBegun, restarts: restart, task: task)
            return task
        }
        // All who wait belong to this process: one that is cancelled tells that it shuts down.
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func carryOut(_ number: Int, restart: Bool) async throws {
        state.withLock { $0.status = RebuildStatus(state: .running) }
        do {
            try await fill(restart: restart)
        } catch {
            land(number) { status in
                status.state = .failed
                status.reason = "\(error)"
            }
            logger.error("the index could not be made anew", metadata: ["error": "\(error)"])
            throw error
        }
        land(number) { $0.state = .done }
        logger.info("the index was made anew", metadata: ["events": "\(status.events)"])
    }

    /// Says how a build ended, and in the same moment lets whoever asks from now on begin another.
    private func land(_ number: Int, _ change: (inout RebuildStatus) -> Void) {
        state.withLock { state in
            change(&state.status)
            if state.flight?.number == number { state.flight = nil }
        }
    }

    private func fill(restart: Bool) async throws {
        var build = restart ? nil : try await index.runningBuild()
        while true {
            do {
                let number: Int64
                if let build { number = build } else { number = try await index.beginBuild() }
                build = number
                switch try await advance(number) {
                case .followed: continue
                case .promoted: return
                case .feedBeganAnew: build = nil
                }
            } catch SearchError.buildSuperseded {
                // Another process on the same index began anew as well, or finished this build. To begin once more
                // would supersede its build in turn, and so on for ever: this one helps to fill it.
                build = try await index.runningBuild()
                if build == nil { return }
            }
        }
    }

    /// Takes over what one look at the feed tells, and puts the copy in its place once it has everything.
    private func advance(_ build: Int64) async throws -> Step {
        let copy = IndexCopy.next(build: build)
        let cursor = try await index.cursor(of: copy)
        let page = try await look(after: cursor)
        if let latest = page.latest, latest < cursor { return .feedBeganAnew }
        let position = page.changes.last?.sequence ?? cursor
        if !page.changes.isEmpty {
            let events = page.changes.map { IndexedEvent($0.event) }
            guard try await index.apply(events, after: cursor, cursor: position, to: copy) else { return .followed }
        }
        state.withLock { state in
            state.status.events += page.changes.count
            state.status.position = position
            state.status.latest = max(page.latest ?? position, position)
        }
        guard !page.hasMore else { return .followed }
        try await index.promote(build)
        return .promoted
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
