package import Contracts
package import Logging
package import NIOCore
package import RedisKit
import ServiceKit
import ServiceLifecycle

/// Follows the change stream as a member of a consumer group and hands over what changed, at least once.
///
/// An entry is acknowledged after `handle` has returned; of a member that dies, another takes its entries over. The
/// stream may lose what was told: at the start, after every failure, and from time to time, `reconcile` is asked to read
/// the feed of the events service from where the follower stopped. While Redis is away it is asked again and again, so
/// that a follower is late then, and never wrong.
package final class ChangeFollower: Service {
    package struct Timing: Sendable {
        /// How long one look at the stream waits for something new; shutting down waits as long.
        package var wait = Duration.seconds(1)
        /// Pause after a failure.
        package var pause = Duration.milliseconds(500)
        /// How often the feed is read without having been told of anything.
        package var reconcileInterval = Duration.seconds(30)

        package init() {}
    }

    private let redis: RedisClient
    private let reader: StreamReader
    private let timing: Timing
    private let logger: Logger
    private let handle: @Sendable ([EventChangeMark]) async throws -> Void
    private let reconcile: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - redis: where the stream is; the follower has a connection of its own, because it waits on it
    ///   - group: the name that all replicas share which do the same work on the same data
    ///   - handle: takes over changes, repeated ones among them, each by its version; what it throws is tried again
    ///   - reconcile: takes over everything that is in the feed and was not taken over yet
    package init(
        stream: ChangeStream = ChangeStream(), redis: RedisConfiguration, eventLoopGroup: any EventLoopGroup,
        group: String, logger: Logger, timing: Timing = Timing(),
        handle: @escaping @Sendable ([EventChangeMark]) async throws -> Void,
        reconcile: @escaping @Sendable () async throws -> Void
    ) {
        var own = redis
        own.connections = 1
        own.commandTimeout = timing.wait + redis.commandTimeout
        self.redis = RedisClient(own, eventLoopGroup: eventLoopGroup, logger: logger)
        self.timing = timing
        self.logger = logger
        self.handle = handle
        self.reconcile = reconcile
        reader = StreamReader(
            redis: self.redis, key: stream.key, group: group, member: SecureRandom.hexadecimal(bytes: 8))
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do {
                    try await self.follow {
                        if isFailing { self.logger.info("following the change stream again") }
                        isFailing = false
                    }
                } catch {
                    if !isFailing && !Task.isCancelled {
                        self.logger.warning("cannot follow the change stream", metadata: ["error": "\(error)"])
                    }
                    isFailing = true
                    // What the stream cannot tell is in the feed; that may be away as well, and is asked again.
                    try? await self.reconcile()
                    try await Task.sleep(for: self.timing.pause)
                }
            }
        }
        await redis.close()
    }

    /// Takes over everything, then what the stream tells, until something fails or the task is cancelled.
    private func follow(_ stands: () -> Void) async throws {
        // In this order: what is told after the group exists is in the stream, what was told before is in the feed.
        try await reader.join()
        try await reconcile()
        stands()
        try await takeOver { try await reader.owed() }
        var isDue = ContinuousClock.now
        while !Task.isCancelled {
            if ContinuousClock.now >= isDue {
                isDue = .now + timing.reconcileInterval
                try await takeOver { try await reader.inherit() }
                try await reconcile()
            }
            let batch = try await reader.next(waitingAtMost: timing.wait.wholeMilliseconds)
            try await takeOver(batch)
        }
    }

    /// Takes over batch after batch until one is empty.
    private func takeOver(_ next: () async throws -> StreamReader.Batch) async throws {
        while try await takeOver(next()) {}
    }

    /// Takes over a batch; false when it is empty, as after a quiet time.
    @discardableResult
    private func takeOver(_ batch: StreamReader.Batch) async throws -> Bool {
        guard !batch.ids.isEmpty else { return false }
        if !batch.marks.isEmpty { try await handle(batch.marks) }
        try await FaultPoint.reach("changes.handled")
        try await reader.acknowledge(batch)
        return true
    }
}
