import NIOCore
import NIOPosix
import RedisKit
import TestSupport
import Testing

@Suite struct RedisFailureTests {
    /// The error that one PING ends in.
    private func failure(_ configuration: RedisConfiguration) async throws -> RedisError? {
        try await withClient(configuration) { client in
            await #expect(throws: RedisError.self) { _ = try await client.send(RedisCommand("PING")) }
        }
    }

    /// Listens on a free port and answers every read with `text`, nothing when it is empty.
    private func withServer<Result>(
        answering text: String, _ body: (RedisConfiguration) async throws -> Result
    ) async throws -> Result {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FixedAnswer(text: text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        let result = try await body(RedisConfiguration(port: port))
        try await channel.close()
        return result
    }

    @Test(.timeLimit(.minutes(1))) func `a port nobody listens on fails at once`() async throws {
        var configuration = RedisConfiguration(port: try FreePort.find())
        (configuration.commandTimeout, configuration.connectTimeout) = (.seconds(600), .seconds(600))
        let error = try await failure(configuration)
        #expect(error?.code == .notConnected)
        #expect(error?.outcomeUnknown == false)
    }

    @Test(.timeLimit(.minutes(1))) func `while the server is away commands fail at once, not at their deadline`()
        async throws
    {
        var configuration = RedisConfiguration(port: try FreePort.find())
        configuration.commandTimeout = .seconds(10)
        try await withClient(configuration) { client in
            _ = try? await client.ping()
            for _ in 0..<100 {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .notConnected)
            }
        }
    }

    @Test func `a server of another kind is a protocol violation`() async throws {
        let error = try await withServer(answering: "HTTP/1.1 400 Bad Request\r\n\r\n") { try await failure($0) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func `a server that never answers is given up in the time for connecting`() async throws {
        let error = try await withServer(answering: "") { configuration in
            var configuration = configuration
            configuration.connectTimeout = .milliseconds(100)
            return try await failure(configuration)
        }
        #expect(error?.code == .notConnected)
    }

    @Test func `a wrong or missing password is named as such`() async throws {
        let redis = try await PrivateRedis.start(.init(password: "right"))
        var configuration = RedisConfiguration(port: redis.port)
        #expect(try await failure(configuration)?.code == .authenticationFailed)
        configuration.password = "wrong"
        #expect(try await failure(configuration)?.code == .authenticationFailed)
        configuration.password = "right"
        try await withClient(configuration) { try await $0.ping() }
    }

    @Test func `a password that the server does not want is named as such`() async throws {
        let redis = try await PrivateRedis.start()
        #expect(
            try await failure(RedisConfiguration(port: redis.port, password: "x"))?.code == .authenticationFailed)
    }

    @Test func `a replica refuses writes as read-only`() async throws {
        let redis = try await PrivateRedis.start()
        try redis.command(["REPLICAOF", "127.0.0.1", "\(try FreePort.find())"])
        try await withClient(redis) { client in
            let error = await #expect(throws: RedisError.self) {
                _ = try await client.send(RedisCommand("SET", "k", "v"))
            }
            #expect(error?.code == .readOnly)
        }
    }

    @Test func `a server without memory refuses as such`() async throws {
        let redis = try await PrivateRedis.start(.init(arguments: ["--maxmemory", "1"]))
        try await withClient(redis) { client in
            let error = await #expect(throws: RedisError.self) {
                _ = try await client.send(RedisCommand("SET", "k", "v"))
            }
            #expect(error?.code == .outOfMemory)
        }
    }

    @Test func `a late reply never answers the next command`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(
            redis.configuration { ($0.commandTimeout, $0.connections) = (.milliseconds(150), 1) }
        ) { client in
            try await client.ping()
            redis.pause()
            let late = await withTaskGroup(of: RedisError?.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do throws(RedisError) {
                            _ = try await client.send(RedisCommand("ECHO", "late \(number)"))
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: [RedisError?]()) { $0.append($1) }
            }
            #expect(late.allSatisfy { $0 != nil })
            #expect(late.contains { $0?.code == .timedOut && $0?.outcomeUnknown == true })
            redis.resume()
            try await eventually { (try? await client.ping()) != nil }
            var answered = 0
            for number in 0..<100 {
                // A busy machine may let one run out of time; it must not get another's answer.
                guard let reply = try? await client.reply("ECHO", "\(number)") else { continue }
                #expect(reply.string == "\(number)")
                answered += 1
            }
            #expect(answered > 0)
        }
    }

    @Test func `a command sent to a server that dies is unknown; after its restart all goes on`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(redis) { client in
            async let pending = client.send(RedisCommand("BLPOP", "none", "0"))
            try await eventually { try redis.command(["INFO", "clients"]).contains("blocked_clients:1") }
            redis.kill()
            do {
                _ = try await pending
                #expect(Bool(false), "a dead server answered")
            } catch {
                #expect((error as? RedisError)?.outcomeUnknown == true)
            }
            try await redis.restart()
            try await eventually { (try? await client.ping()) != nil }
        }
    }

    @Test func `more commands than the queue takes are refused at once`() async throws {
        let redis = try await PrivateRedis.start()
        try await withClient(
            redis.configuration { ($0.queuedCommandsMax, $0.connections) = (10, 1) }
        ) { client in
            try await client.ping()
            redis.pause()
            let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        do throws(RedisError) {
                            _ = try await client.send(RedisCommand("PING"))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: [RedisError.Code?]()) { $0.append($1) }
            }
            redis.resume()
            // The answer to the ping may reach its caller a moment before it makes room in the queue.
            #expect((20...21).contains(codes.count { $0 == .overloaded }))
        }
    }
}

/// Answers whatever it reads with the same text.
private final class FixedAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let text: String

    init(text: String) {
        self.text = text
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !text.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
