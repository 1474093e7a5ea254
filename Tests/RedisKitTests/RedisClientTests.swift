import Logging
import NIOPosix
import RedisKit
import TestSupport
import Testing

/// A client of `redis`, closed when `body` ends.
func withClient<Result>(
    _ redis: PrivateRedis, _ body: (RedisClient) async throws -> Result
) async throws -> Result {
    try await withClient(redis.configuration(), body)
}

/// A client for `configuration`, closed when `body` ends.
func withClient<Result>(
    _ configuration: RedisConfiguration, _ body: (RedisClient) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let client = RedisClient(configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}

extension PrivateRedis {
    /// How to reach it, with changes.
    func configuration(_ change: (inout RedisConfiguration) -> Void = { _ in }) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        change(&configuration)
        return configuration
    }
}

extension RedisClient {
    /// Sends one command; untyped errors suit the macros of tests.
    func reply(_ words: String...) async throws -> RedisValue {
        try await send(RedisCommand(words))
    }
}

@Suite struct RedisClientTests {
    @Test func `what is set can be read, binary strings and missing keys included`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client async throws in
            #expect(try await client.reply("SET", "k", "wört\r\n$3") == .status("OK"))
            #expect(try await client.reply("GET", "k").string == "wört\r\n$3")
            #expect(try await client.reply("GET", "none") == .null)
            #expect(try await client.reply("GET", "") == .null)
            #expect(try await client.reply("MGET", "k", "none").array?.count == 2)
        }
    }

    @Test func `each of many tasks gets its own reply`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<64 {
                    group.addTask { () async throws in
                        for round in 0..<50 {
                            let text = "\(task)/\(round)"
                            #expect(try await client.reply("ECHO", text).string == text)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let clients = try redis.command(["INFO", "stats"])
        #expect(clients.contains("total_connections_received"))
    }

    @Test func `a batch is executed without anything in between, its errors are values`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        let replies = try await client.send([
                            RedisCommand("INCR", "n"), RedisCommand("LPUSH", "n", "x"), RedisCommand("INCR", "n"),
                        ])
                        let first = try #require(replies[0].integer)
                        #expect(replies[2].integer == first + 1)
                        guard case .error(let text) = replies[1] else { return #expect(Bool(false)) }
                        #expect(text.hasPrefix("WRONGTYPE"))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.send([]).isEmpty)
        }
    }

    @Test func `a large reply and a large command pass`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis.configuration { $0.commandTimeout = .seconds(10) }) { client in
            let text = String(repeating: "0123456789", count: 500_000)
            _ = try await client.send(RedisCommand("SET", "large", text))
            #expect(try await client.reply("GET", "large").string == text)
        }
    }

    @Test func `a script runs by digest, also after the server forgot it`() async throws {
        let redis = try await PrivateRedis.start()
        let script = RedisScript("return {KEYS[1], ARGV[1]}")
        try await withClient(redis) { client in
            for _ in 0..<2 {
                let reply = try await client.evaluate(script, keys: ["k"], arguments: ["a"])
                #expect(reply.array?.compactMap(\.string) == ["k", "a"])
            }
            try redis.command(["SCRIPT", "FLUSH"])
            let reply = try await client.evaluate(script, keys: ["k2"], arguments: ["b"])
            #expect(reply.array?.compactMap(\.string) == ["k2", "b"])
        }
    }

    @Test func `a script that takes the server's run gets the run that executes it`() async throws {
        let redis = try await PrivateRedis.start()
        let script = RedisScript("return ARGV[1]", takesServerRun: true)
        try await withClient(redis) { client in
            let first = try #require(await client.evaluate(script, keys: [], arguments: []).string)
            #expect(try redis.command(["INFO", "server"]).contains("run_id:\(first)"))
            try await redis.restart()
            var second = first
            try await eventually {
                second = (try? await client.evaluate(script, keys: [], arguments: []).string) ?? first
                return second != first
            }
            #expect(try redis.command(["INFO", "server"]).contains("run_id:\(second)"))
        }
    }

    @Test func `a script's own error is the server's error`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client in
            let error = await #expect(throws: RedisError.self) {
                try await client.evaluate(RedisScript("return nosuch()"), keys: [], arguments: [])
            }
            #expect(error?.code == .server)
            #expect(error?.outcomeUnknown == false)
        }
    }

    @Test func `the configured database is selected on every connection`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis.configuration { $0.database = 5 }) { client in
            for number in 0..<4 {
                _ = try await client.send(RedisCommand("SET", "k\(number)", "v"))
            }
        }
        #expect(try redis.command(["-n", "5", "DBSIZE"]) == "4")
    }

    @Test func `cancelling a task does not leave its command's reply to another`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis.configuration { $0.connections = 1 }) { client async throws in
            for round in 0..<50 {
                let cancelled = Task { try await client.send(RedisCommand("ECHO", "cancelled")) }
                cancelled.cancel()
                #expect(try await client.reply("ECHO", "\(round)").string == "\(round)")
                _ = await cancelled.result
            }
        }
    }

    @Test func `after close nothing is taken, and close can be repeated`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client in
            try await client.ping()
            await client.close()
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.code == .closed)
        }
    }
}
