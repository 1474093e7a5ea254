public import Logging
public import RedisKit
public import ServiceLifecycle
import Synchronization

/// Adds up what the monitors of several processes have counted, through Redis and beside the locks' path.
///
/// Every process publishes its figures once a second while something happens. Whoever asks gets its own figures of this
/// moment with the others' of the last second. The figures of a process that has ended count on for an hour, in a window
/// as long as the window reaches back to them. Without Redis everyone knows only themselves.
///
/// A reset raises a generation that is kept beside the figures: what was counted in an earlier one is not taken, and
/// each process forgets its own as soon as it hears of it.
public final class ContentionExchange: Service, Sendable {
    /// Bounds and context.
    public struct Configuration: Sendable {
        /// Tells the monitors of different programs on one Redis apart.
        public var name = "locks"
        /// Between looks whether there is something new to publish.
        public var interval = Duration.seconds(1)
        /// How long the figures of a process that has ended are kept.
        public var keep = Duration.seconds(3600)
        /// Resources with figures of their own among those that are published.
        public var resourcesMax = 200

        public init() {}
    }

    private struct State {
        /// The generation in which this process counts; empty until Redis has told it.
        var generation = ""
        var publishedEvents: UInt64?
        var publishedAt: ContinuousClock.Instant?
        var others: [[ContentionWindow: ContentionReport]] = []
        var fetchedAt: ContinuousClock.Instant?
        var fetch: Task<Void, Never>?
    }

    /// Who asks again so soon gets the same answer about the others.
    private static let fetchPause = Duration.milliseconds(200)
    /// Windows move on: figures are published anew after this time although nothing was added.
    private static let republishAfter = Duration.seconds(5)

    private let monitor: ContentionMonitor
    private let redis: any RedisScripting
    private let configuration: Configuration
    private let logger: Logger
    /// Names this process among the others.
    private let process = LockOwner.make()
    private let state = Mutex(State())

    public init(
        monitor: ContentionMonitor, redis: any RedisScripting, configuration: Configuration = Configuration(),
        logger: Logger
    ) {
        self.monitor = monitor
        self.redis = redis
        self.configuration = configuration
        self.logger = logger
    }

    /// Publishes until graceful shutdown or cancellation, and a last time then.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.monitor.addUp()
                await self.publishIfDue()
                // A cancelled pause ends the loop.
                try? await Task.sleep(for: self.configuration.interval)
            }
        }
        await publish()
    }

    /// The figures of all processes; see ``ContentionMonitor/snapshot(window:top:)``.
    public func snapshot(window: ContentionWindow = .total, top: Int = 100) async -> ContentionSnapshot {
        let others = await others()
        return monitor.snapshot(window: window, top: top, with: others.compactMap { $0[window] })
    }

    /// The figures of one resource from all processes.
    public func statistics(for resource: String, window: ContentionWindow = .total) async -> LockStatistics {
        let others = await others()
        return monitor.statistics(for: resource, window: window, with: others.compactMap { $0[window] })
    }

    /// Forgets the figures of all processes; who holds what stays known.
    ///
    /// When this throws, the others have not heard of it.
    public func reset() async throws(RedisError) {
        let generation = try await redis.evaluate(ExchangeScripts.reset, keys: keys, arguments: [])
        monitor.reset()
        state.withLock { state in
            state.generation = generation.integer.map { String($0) } ?? state.generation
            state.others = []
            state.publishedEvents = nil
        }
    }

    // MARK: Publishing

    private func publishIfDue() async {
        let events = monitor.events
        let isDue = state.withLock { state in
            guard let last = state.publishedAt else { return true }
            return state.publishedEvents != events || .now - last >= Self.republishAfter
        }
        if isDue { await publish() }
    }

    /// Publishes the figures of this moment; without Redis, the next time.
    func publish() async {
        let events = monitor.events
        let windows = ContentionWindow.allCases.map { ($0, monitor.report($0)) }
        let text = ReportText.text(
            of: Dictionary(uniqueKeysWithValues: windows), resourcesMax: configuration.resourcesMax)
        let generation = state.withLock { $0.generation }
        do throws(RedisError) {
            let reply = try await redis.evaluate(
                ExchangeScripts.publish, keys: keys,
                arguments: [process, generation, text, String(configuration.keep.components.seconds)])
            heard(of: reply.string)
            state.withLock { state in
                state.publishedEvents = events
                state.publishedAt = .now
            }
        } catch {
            logger.debug("lock statistics were not published", metadata: ["error": "\(error)"])
        }
    }

    /// Forgets what was counted when somebody has begun a new generation.
    private func heard(of generation: String?) {
        guard let generation else { return }
        let isNew = state.withLock { state in
            let isNew = !state.generation.isEmpty && state.generation != generation
            state.generation = generation
            if isNew { (state.others, state.publishedEvents) = ([], nil) }
            return isNew
        }
        if isNew { monitor.reset() }
    }

    // MARK: Asking

    private func others() async -> [[ContentionWindow: ContentionReport]] {
        let fetch = state.withLock { state -> Task<Void, Never>? in
            if let running = state.fetch { return running }
            if let last = state.fetchedAt, .now - last < Self.fetchPause { return nil }
            let task = Task { await self.fetch() }
            state.fetch = task
            return task
        }
        await fetch?.value
        return state.withLock { $0.others }
    }

    private func fetch() async {
        // Without an answer the figures of the others are those of before, which their age leaves out in time.
        let reply = try? await redis.evaluate(ExchangeScripts.fetch, keys: keys, arguments: [process])
        if let values = reply?.array, values.count >= 2, let now = values[1].integer {
            heard(of: values[0].string)
            let others = stride(from: 2, to: values.count - 1, by: 2).compactMap { index in
                values[index].integer.flatMap { seen in
                    Self.reports(values[index + 1].string, age: .seconds(max(0, now - seen)))
                }
            }
            state.withLock { $0.others = others }
        }
        state.withLock { state in
            state.fetchedAt = .now
            state.fetch = nil
        }
    }

    /// What still counts of figures that were published `age` ago.
    private static func reports(_ text: String?, age: Duration) -> [ContentionWindow: ContentionReport]? {
        guard let text, let all = ReportText.reports(in: text, age: age) else { return nil }
        var kept = all.filter { window, _ in window.length.map { age < $0 } ?? true }
        // Twice the time between publications: a process that is silent for longer has ended, its holders with it.
        guard age > republishAfter * 2 else { return kept }
        for window in kept.keys {
            kept[window]?.holders = []
            kept[window]?.holdersOmitted = 0
        }
        return kept
    }

    private var keys: [String] {
        ["generation", "seen", "figures"].map { "contention:{\(configuration.name)}:\($0)" }
    }
}
