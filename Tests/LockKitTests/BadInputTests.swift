import Foundation
import LockKit
import NIOPosix
import RedisKit
import TestSupport
import Testing

/// What cannot work is refused with its reason within a command's time, and leaves nothing.
@Suite struct BadInputTests {
    /// What one acquisition is refused with at `configuration`.
    private func refusal(_ configuration: RedisConfiguration) async -> RedisError? {
        let client = RedisClient(
            configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: LockBench.logger)
        let locks = LockService(
            redis: client, epochs: MemoryEpochs(), monitor: ContentionMonitor(), logger: LockBench.logger)
        let error = await locks.refusal(["a", "b"], scope: "E", waitAtMost: .seconds(60))
        await locks.close()
        await client.close()
        return error?.backendError
    }

    @Test(.timeLimit(.minutes(1))) func `Redis is down`() async throws {
        var configuration = RedisConfiguration(port: try FreePort.find())
        (configuration.commandTimeout, configuration.connectTimeout) = (.seconds(600), .seconds(600))
        #expect(await refusal(configuration)?.code == .notConnected)
    }

    @Test(.timeLimit(.minutes(1))) func `Redis is read-only`() async throws {
        let redis = try await PrivateRedis.start()
        try redis.command(["REPLICAOF", "127.0.0.1", "\(try FreePort.find())"])
        #expect(await refusal(try RedisConfiguration(url: redis.url))?.code == .readOnly)
        #expect(try redis.keys().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `Redis is out of memory, from the start and while it is used`() async throws {
        let full = try await PrivateRedis.start(.init(arguments: ["--maxmemory", "1"]))
        #expect(await refusal(try RedisConfiguration(url: full.url))?.code == .outOfMemory)
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            try bench.redis.command(["CONFIG", "SET", "maxmemory", "1"])
            #expect(await bench.locks.refusal(["b"], scope: "E")?.backendError?.code == .outOfMemory)
            // What is held can be given back without memory.
            #expect(await bench.locks.release(grant) == .released)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [nil, "wrong"])
    func `the password is wrong or missing`(password: String?) async throws {
        let redis = try await PrivateRedis.start(.init(password: "right"))
        var configuration = RedisConfiguration(port: redis.port)
        configuration.password = password
        #expect(await refusal(configuration)?.code == .authenticationFailed)
        #expect(try redis.keys().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `what listens is no Redis`() async throws {
        let port = try FreePort.find()
        let server = try ChildProcess(
            "python3", ["-u", "-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", "/var/empty"])
        defer { server.kill() }
        try await eventually("the web server listens") {
            (await refusal(RedisConfiguration(port: port)))?.code == .protocolViolation
        }
    }

    @Test(.timeLimit(.minutes(1))) func `what listens never answers`() async throws {
        let redis = try await PrivateRedis.start()
        redis.pause()
        defer { redis.resume() }
        var configuration = try RedisConfiguration(url: redis.url)
        (configuration.commandTimeout, configuration.connectTimeout) = (.milliseconds(300), .milliseconds(300))
        let error = await refusal(configuration)
        #expect([.notConnected, .timedOut].contains(error?.code))
        #expect(error?.outcomeUnknown == false)
    }
}
