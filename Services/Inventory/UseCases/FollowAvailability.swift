import Contracts
import Logging
import RedisKit
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Keeps the streams of this replica told: one feed for each event that somebody follows, however many do.
///
/// What moves stock, here or on another replica, wakes the event's feed, which reads the stock once and tells all
/// streams, at most a few times a second. Being told is for being quick only: now and then the versions of all followed
/// events are compared with the stored ones, more often while Redis is away, so that nothing stays missed.
final class FollowAvailability: Service {
    struct Timing: Sendable {
        /// Between two messages of a stream at least.
        var pause = Duration.milliseconds(250)
        /// How often streams get a comment.
        var comment = Duration.seconds(15)
        /// How often stored versions are looked at while Redis tells of changes …
        var look = Duration.seconds(2)
        /// … and while it does not.
        var lookAlone = Duration.milliseconds(500)
    }

    /// A place among the streams that there may be; free again when the last one who holds it lets go.
    final class Place: Sendable {
        private let count: StreamCount

        fileprivate init(_ count: StreamCount) {
            self.count = count
        }

        deinit {
            count.leave()
        }
    }

    private let store: AvailabilityStore
    private let announcements: StockAnnouncements
    private let clock: any WallClock
    private let timing: Timing
    private let logger: Logger
    private let events = WatchedEvents()
    private let reads: SharedReads<AvailabilityState?>
    private let places: StreamCount
    private let isTold = Mutex(false)

    /// - Parameter streamsMax: how many streams there may be at a time
    init(
        store: AvailabilityStore, announcements: StockAnnouncements, clock: any WallClock, streamsMax: Int,
        timing: Timing = Timing(), logger: Logger
    ) {
        self.store = store
        self.announcements = announcements
        self.clock = clock
        self.timing = timing
        self.logger = logger
        places = StreamCount(max: streamsMax)
        // Taken over inside the read, so that states come to a feed in the order in which they were read.
        reads = SharedReads { [events] id in
            let state = try await store.state(of: id, at: clock.now())
            if let state { events.find(id)?.take(state) }
            return state
        }
    }

    // MARK: - For a stream

    /// A place for one more stream; nil when there are as many as there may be.
    func admit() -> Place? {
        places.enter() ? Place(places) : nil
    }

    /// An event's stock, read after this call; nil for an unknown event.
    func state(of id: String) async throws -> AvailabilityState? {
        try await reads.value(of: id)
    }

    /// Tells `stream` of the event from `read` on, which was read for it.
    func add(
        _ stream: EventStream, _ dialect: StreamDialect, after lastEventID: String?, _ read: AvailabilityState
    ) {
        guard let event = events.add(stream, dialect, after: lastEventID, read) else { return }
        // What happened between the read and now was not told to an event that nobody followed.
        event.wake()
        Task { await follow(event) }
    }

    func remove(_ stream: EventStream, of id: String) {
        events.remove(stream, of: id)
    }

    // MARK: - In the background

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.listen() }
                group.addTask { await self.look() }
                group.addTask { await self.comment() }
            }
        }
    }

    /// Reads and tells whenever there may be something to tell, until nobody follows.
    private func follow(_ event: WatchedEvent) async {
        for await _ in event.signals {
            do {
                if try await reads.value(of: event.id) == nil {
                    event.finish()
                } else {
                    await event.tell()
                }
            } catch {
                logger.debug(
                    "an event's stock could not be read", metadata: ["eventId": "\(event.id)", "error": "\(error)"])
                event.wake()
            }
            // Not cancelled by anything but the end of the process.
            try? await Task.sleep(for: timing.pause)
        }
    }

    private func listen() async {
        for await news in announcements.news() {
            switch news {
            case .changed(let ids): for id in ids { events.find(id)?.wake() }
            case .listening(let isListening):
                isTold.withLock { $0 = isListening }
                if isListening { for event in events.all { event.wake() } }
            }
        }
    }

    private func look() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: isTold.withLock { $0 } ? timing.look : timing.lookAlone)
            let followed = events.all
            guard !followed.isEmpty else { continue }
            do {
                let versions = try await store.versions(of: followed.map(\.id))
                let now = clock.now()
                for event in followed where event.isBehind(versions[event.id] ?? -1, at: now) { event.wake() }
            } catch {
                logger.debug("versions could not be looked at", metadata: ["error": "\(error)"])
            }
        }
    }

    private func comment() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: timing.comment)
            for event in events.all { await event.comment() }
        }
    }
}

/// How many streams there are.
private final class StreamCount: Sendable {
    private let max: Int
    private let count = Mutex(0)

    init(max: Int) {
        self.max = max
    }

    func enter() -> Bool {
        count.withLock { count in
            guard count < max else { return false }
            count += 1
            return true
        }
    }

    func leave() {
        count.withLock { $0 -= 1 }
    }
}
