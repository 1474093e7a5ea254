import Contracts
import DatabaseKit
import Logging
import RedisKit
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Tells all replicas which events' stock was moved, and hears it from them.
///
/// It is told of commits by the database, after their callers were answered; what comes in a short while is published
/// together. A message names events and nothing else, since who follows one reads it anyway, after the message and so
/// at least as new. What is lost with Redis or with a process shows as a version that nobody was told of.
final class StockAnnouncements: Service {
    enum News: Sendable {
        /// The stock of these events was moved.
        case changed([String])
        /// Whether the other replicas are heard now.
        case listening(Bool)
    }

    static let channel = "holdfast:inventory:stock"
    /// How many events one message names.
    private static let eventsPerMessage = 200
    /// Beyond this many, what was moved is left to be noticed by its version.
    private static let waitingMax = 20_000

    private struct State {
        var waiting: Set<String> = []
        var readers: [Int: AsyncStream<News>.Continuation] = [:]
        var lastReader = 0
        var isListening = false
    }

    private let redis: RedisClient
    private let subscriber: RedisSubscriber
    private let pause: Duration
    private let logger: Logger
    /// Names this process, which need not hear itself.
    private let process: String
    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameter pause: between two messages at least
    init(
        redis: RedisClient, subscriber: RedisSubscriber, process: String, logger: Logger,
        pause: Duration = .milliseconds(25)
    ) {
        self.redis = redis
        self.subscriber = subscriber
        self.process = process
        self.logger = logger
        self.pause = pause
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells of what `database` commits from now on.
    func follow(_ database: any Database) {
        database.observeCommits { [weak self] subjects in self?.note(subjects) }
    }

    /// What happens from now on, here and elsewhere.
    func news() -> AsyncStream<News> {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingNewest(1024))
        state.withLock { state in
            state.lastReader += 1
            let reader = state.lastReader
            state.readers[reader] = continuation
            continuation.yield(.listening(state.isListening))
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { $0.readers[reader] = nil }
            }
        }
        return stream
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.publish() }
                group.addTask { await self.listen() }
            }
        }
    }

    // MARK: - Inside

    private func note(_ events: Set<String>) {
        state.withLock { state in
            guard state.waiting.count + events.count <= Self.waitingMax else { return }
            state.waiting.formUnion(events)
        }
        signal.yield()
    }

    private func publish() async {
        for await _ in signals {
            let events = state.withLock { state in
                defer { state.waiting = [] }
                return Array(state.waiting)
            }
            tell(.changed(events))
            for start in stride(from: 0, to: events.count, by: Self.eventsPerMessage) {
                let named = events[start..<min(start + Self.eventsPerMessage, events.count)]
                do {
                    try await redis.publish("\(process) \(named.joined(separator: " "))", to: Self.channel)
                } catch {
                    logger.debug("a change of stock could not be published", metadata: ["error": "\(error)"])
                }
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func listen() async {
        do {
            try await subscriber.withSubscription(to: [Self.channel], bufferMax: 4096) { subscription in
                for await event in subscription {
                    switch event {
                    case .subscribed: hears(true)
                    case .missed: hears(false)
                    case .message(let message): heard(message.text)
                    }
                }
            }
        } catch {
            // Refused only when the process ends.
            logger.debug("the other replicas are not heard", metadata: ["error": "\(error)"])
        }
    }

    private func heard(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count > 1, words[0] != process else { return }
        tell(.changed(Array(words.dropFirst())))
    }

    private func hears(_ isListening: Bool) {
        state.withLock { $0.isListening = isListening }
        tell(.listening(isListening))
    }

    private func tell(_ news: News) {
        let readers = state.withLock { Array($0.readers.values) }
        for reader in readers { reader.yield(news) }
    }
}
