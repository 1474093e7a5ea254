import Logging
import NIOPosix
import RedisKit
import TestSupport
import Testing

/// A subscriber to `redis`, closed when `body` ends.
private func withSubscriber<Result>(
    _ redis: PrivateRedis, _ body: (RedisSubscriber) async throws -> Result
) async throws -> Result {
    try await withSubscriber(redis.configuration(), body)
}

/// A subscriber for `configuration`, closed when `body` ends.
private func withSubscriber<Result>(
    _ configuration: RedisConfiguration, _ body: (RedisSubscriber) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let subscriber = RedisSubscriber(
        configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    do {
        let result = try await body(subscriber)
        await subscriber.close()
        return result
    } catch {
        await subscriber.close()
        throw error
    }
}

extension RedisSubscription {
    /// The next event within a time that only a fault uses up.
    fileprivate func expect(
        _ event: RedisSubscriptionEvent, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let next = await next(waitingAtMost: .seconds(10))
        #expect(next == event, sourceLocation: sourceLocation)
    }

    fileprivate func expect(
        _ text: String, on channel: String = "news", sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await expect(
            .message(RedisMessage(channel: channel, payload: Array(text.utf8))), sourceLocation: sourceLocation)
    }
}

@Suite(.timeLimit(.minutes(2))) struct RedisSubscriberTests {
    @Test func `a message reaches every reader of its channel and no other`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { first in
                try await subscriber.withSubscription(to: ["news", "weather"]) { second in
                    await first.expect(.subscribed)
                    await second.expect(.subscribed)
                    try await withClient(redis) { client in
                        var listeners = [try await client.publish("wört\r\n$3", to: "news")]
                        listeners.append(try await client.publish("rain", to: "weather"))
                        listeners.append(try await client.publish("unheard", to: "sports"))
                        listeners.append(try await client.publish("last", to: "news"))
                        #expect(listeners == [1, 1, 0, 1])
                    }
                    await first.expect("wört\r\n$3")
                    await first.expect("last")
                    await second.expect("wört\r\n$3")
                    await second.expect("rain", on: "weather")
                    await second.expect("last")
                }
            }
        }
    }

    @Test func `what is published after the confirmation comes, all of it and in order`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"], bufferMax: 20_000) { subscription in
                await subscription.expect(.subscribed)
                try await withClient(redis.configuration { $0.connections = 1 }) { client in
                    for start in stride(from: 0, to: 10_000, by: 1000) {
                        _ = try await client.send(
                            (start..<start + 1000).map { RedisCommand("PUBLISH", "news", "\($0)") })
                    }
                }
                for number in 0..<10_000 { await subscription.expect("\(number)") }
            }
        }
    }

    @Test func `a subscription whose reader is cancelled is gone from the server`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            let reading = Task {
                try await subscriber.withSubscription(to: ["news"]) { subscription in
                    var count = 0
                    for await _ in subscription { count += 1 }
                    return count
                }
            }
            try await eventually { try redis.command(["PUBSUB", "NUMSUB", "news"]).hasSuffix("1") }
            reading.cancel()
            #expect(try await reading.value <= 1)
            try await eventually { try redis.command(["PUBSUB", "NUMSUB", "news"]).hasSuffix("0") }
        }
    }

    @Test func `readers that come and go leave one subscription, and none in the end`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await subscriber.withSubscription(to: ["news", "\(number % 10)"]) { subscription in
                            await subscription.expect(.subscribed)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually { try redis.command(["PUBSUB", "CHANNELS"]).isEmpty }
            #expect(try redis.command(["CLIENT", "LIST", "TYPE", "normal"]).contains("sub=0"))
        }
    }

    @Test func `a killed server is told as a gap; after its restart messages come again`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                await subscription.expect(.subscribed)
                redis.kill()
                await subscription.expect(.missed)
                try await redis.restart()
                await subscription.expect(.subscribed)
                try redis.command(["PUBLISH", "news", "again"])
                await subscription.expect("again")
            }
        }
    }

    @Test func `a server that hangs is noticed by its silence`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis.configuration { $0.subscriptionSilenceMax = .milliseconds(100) }) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                await subscription.expect(.subscribed)
                redis.pause()
                await subscription.expect(.missed)
                redis.resume()
                await subscription.expect(.subscribed)
            }
        }
    }

    @Test func `a silent server that is there keeps its subscriptions`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis.configuration { $0.subscriptionSilenceMax = .milliseconds(20) }) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                await subscription.expect(.subscribed)
                try await eventually {
                    let count = try redis.command(["INFO", "commandstats"]).split(separator: "cmdstat_ping:calls=")
                    return count.count > 1 && (Int(count[1].prefix { $0.isNumber }) ?? 0) > 5
                }
                try redis.command(["PUBLISH", "news", "still here"])
                await subscription.expect("still here")
            }
        }
    }

    @Test func `who subscribes while the server is away is served when it is back`() async throws {
        let redis = try await PrivateRedis.start()
        redis.kill()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                #expect(await subscription.next(waitingAtMost: .milliseconds(50)) == nil)
                try await redis.restart()
                await subscription.expect(.subscribed)
            }
        }
    }

    @Test func `a server that refuses the subscription is asked again until it agrees`() async throws {
        let redis = try await PrivateRedis.start()
        try redis.command(["ACL", "SETUSER", "default", "resetchannels"])
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                try await eventually {
                    try redis.command(["INFO", "commandstats"]).contains("cmdstat_subscribe:calls=0")
                }
                try redis.command(["ACL", "SETUSER", "default", "allchannels"])
                await subscription.expect(.subscribed)
            }
        }
    }

    @Test func `a reader that falls behind gets one gap and what came last`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"], bufferMax: 10) { slow in
                try await subscriber.withSubscription(to: ["news"], bufferMax: 100) { quick in
                    await slow.expect(.subscribed)
                    await quick.expect(.subscribed)
                    for number in 0..<25 { try redis.command(["PUBLISH", "news", "\(number)"]) }
                    for number in 0..<25 { await quick.expect("\(number)") }
                    await slow.expect(.missed)
                    await slow.expect(.subscribed)
                    var rest: [String] = []
                    while case .message(let message) = await slow.next(waitingAtMost: .milliseconds(10)) {
                        rest.append(message.text)
                    }
                    #expect(rest.count < 10 && rest.last == "24", "\(rest)")
                }
            }
        }
    }

    @Test func `more subscriptions than the limit are refused at once`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis.configuration { $0.subscriptionsMax = 1 }) { subscriber in
            try await subscriber.withSubscription(to: ["a"]) { _ in
                let error = await #expect(throws: RedisError.self) {
                    try await subscriber.withSubscription(to: ["b"]) { _ in }
                }
                #expect(error?.code == .overloaded)
            }
            try await subscriber.withSubscription(to: ["b"]) { await $0.expect(.subscribed) }
        }
    }

    /// A number that the server tells of itself.
    private func figure(_ name: String, in info: String) throws -> Int {
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }
        return try #require(line.flatMap { Int($0.dropFirst(name.count + 1)) })
    }

    @Test func `a subscriber that is closed while it looks for its server leaves no connection`() async throws {
        let redis = try await PrivateRedis.start()
        var expected = try figure("total_connections_received", in: redis.command(["INFO"])) + 1
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { _ in await subscriber.close() }
            try await eventually {
                // The question is a connection itself.
                expected += 1
                let info = try redis.command(["INFO"])
                return try figure("total_connections_received", in: info) == expected
                    && figure("connected_clients", in: info) == 1
            }
        }
    }

    @Test func `closing ends every reader, and nothing can be subscribed afterwards`() async throws {
        let redis = try await PrivateRedis.start()
        try await withSubscriber(redis) { subscriber in
            try await subscriber.withSubscription(to: ["news"]) { subscription in
                await subscription.expect(.subscribed)
                await subscriber.close()
                #expect(await subscription.next() == nil)
            }
            let error = await #expect(throws: RedisError.self) {
                try await subscriber.withSubscription(to: ["news"]) { _ in }
            }
            #expect(error?.code == .closed)
        }
    }
}
