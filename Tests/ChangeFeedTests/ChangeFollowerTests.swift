import ChangeFeed
import Contracts
import Logging
import NIOPosix
import RedisKit
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite struct ChangeFollowerTests {
    /// What a follower was handed and how often it read the feed; the next handlings can be made to fail.
    private final class Record: Sendable {
        private let state = Mutex((handed: [EventChangeMark](), reconciled: 0, failures: 0))

        var sequences: [Int64] { state.withLock { $0.handed.map(\.sequence) } }
        var reconciled: Int { state.withLock { $0.reconciled } }

        func fail(_ times: Int) { state.withLock { $0.failures = times } }

        func reconcile() { state.withLock { $0.reconciled += 1 } }

        func take(_ marks: [EventChangeMark]) throws {
            try state.withLock { state in
                if state.failures > 0 {
                    state.failures -= 1
                    throw Refused()
                }
                state.handed += marks
            }
        }
    }

    private struct Refused: Error {}

    private static let stream = ChangeStream(key: "test:changes")

    private let redis: PrivateRedis
    private let client: RedisClient
    private let configuration: RedisConfiguration

    init() async throws {
        redis = try await PrivateRedis.start()
        configuration = try RedisConfiguration(url: redis.url)
        client = RedisClient(
            configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
    }

    private func follower(_ record: Record) -> ChangeFollower {
        var timing = ChangeFollower.Timing()
        timing.wait = .milliseconds(100)
        timing.pause = .milliseconds(50)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return ChangeFollower(
            stream: Self.stream, redis: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            group: "g", logger: logger, timing: timing, handle: { try record.take($0) },
            reconcile: { record.reconcile() })
    }

    /// Runs `body` while a follower that reports to `record` is at work.
    private func following(_ record: Record, _ body: () async throws -> Void) async throws {
        let follower = follower(record)
        let task = Task { try await follower.run() }
        do {
            try await eventually(within: .seconds(20), "the follower has begun") { record.reconciled > 0 }
            try await body()
            task.cancel()
            _ = await task.result
        } catch {
            task.cancel()
            throw error
        }
    }

    private func publish(_ sequences: ClosedRange<Int64>) async throws {
        try await Self.stream.publish(
            sequences.map { EventChangeMark(eventID: "e\($0)", version: 1, sequence: $0) }, to: client)
    }

    /// Entries that were handed out and not acknowledged.
    private func owed() throws -> String {
        try redis.command(["XPENDING", "test:changes", "g"]).split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test func `what is told is handed over in order and acknowledged`() async throws {
        let record = Record()
        try await following(record) {
            try await publish(1...500)
            try await eventually(within: .seconds(20), "all are handed over") { record.sequences.count == 500 }
            #expect(record.sequences == Array(1...500))
            try await eventually(within: .seconds(20), "all are acknowledged") { try owed() == "0" }
        }
        await client.close()
    }

    @Test func `what could not be taken over is handed over again`() async throws {
        let record = Record()
        try await following(record) {
            record.fail(3)
            try await publish(1...2)
            try await eventually(within: .seconds(20), "both are handed over") { record.sequences == [1, 2] }
            try await eventually(within: .seconds(20), "both are acknowledged") { try owed() == "0" }
        }
        await client.close()
    }

    @Test func `what was told while nobody followed is read from the feed, or handed over later`() async throws {
        let record = Record()
        try await following(record) { try await publish(1...1) }
        try await publish(2...3)
        try await following(record) {
            try await eventually(within: .seconds(20), "the rest is handed over") { record.sequences.contains(3) }
        }
        #expect(record.reconciled >= 2)
        await client.close()
    }

    @Test func `after the stream was emptied the feed is read, and following goes on`() async throws {
        let record = Record()
        try await following(record) {
            let before = record.reconciled
            _ = try redis.command(["FLUSHALL"])
            try await eventually(within: .seconds(20), "the feed is read") { record.reconciled > before }
            // What is told before the group is there again is not handed over, but in the feed.
            try await eventually(within: .seconds(20), "following goes on") {
                try await publish(9...9)
                return record.sequences.contains(9)
            }
        }
        await client.close()
    }

    @Test func `while Redis is away the feed is read again and again`() async throws {
        let record = Record()
        try await following(record) {
            redis.kill()
            let before = record.reconciled
            try await eventually(within: .seconds(20), "the feed is read") { record.reconciled > before + 3 }
            try await redis.restart()
            try await eventually(within: .seconds(20), "following goes on") {
                try await publish(4...4)
                return record.sequences.contains(4)
            }
        }
        await client.close()
    }
}
