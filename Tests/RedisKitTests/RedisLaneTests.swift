import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import RedisKit

@Suite struct RedisLaneTests {
    private final class Flag: Sendable {
        let value = Mutex(false)
    }

    @Test func `a lane that is closed while it looks for its server comes to its end`() async throws {
        let redis = try await PrivateRedis.start()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let lane = RedisLane(try redis.configuration(), eventLoop: eventLoop, logger: logger)
        let hasEnded = Flag()
        // Both reach the loop together, before it can hear where the server is.
        eventLoop.execute {
            lane.start()
            Task.immediate {
                await lane.close()
                hasEnded.value.withLock { $0 = true }
            }
        }
        try await eventually { hasEnded.value.withLock { $0 } }
    }
}
