import Foundation
public import Logging
public import NIOCore
import ServiceLifecycle
import Synchronization

/// A client of one Redis server: commands of all tasks travel together over a few connections.
///
/// Connections are made on first use or by ``run()``, and made again whenever they break; while the server cannot be
/// reached, commands fail at once with the reason. A command that was sent cannot be taken back, so cancelling the
/// task does not end its wait: its deadline does. Subscriptions have a connection of their own, see
/// ``RedisSubscriber``; so must blocking reads.
public final class RedisClient: RedisScripting {
    public let configuration: RedisConfiguration
    private let lanes: [RedisLane]
    private let turn = Atomic<Int>(0)

    /// Writing to a connection that the other side has closed must be an error of that call, not the process's end.
    private static let ignoringBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    public init(_ configuration: RedisConfiguration, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        Self.ignoringBrokenPipes
        self.configuration = configuration
        lanes = (0..<max(1, configuration.connections)).map { _ in
            RedisLane(configuration, eventLoop: eventLoopGroup.next(), logger: logger)
        }
    }

    /// Connects, stays until graceful shutdown or cancellation, then closes.
    public func run() async throws {
        for lane in lanes {
            lane.start()
        }
        // A cancelled wait is an end like any other: what follows closes the connections.
        try? await gracefulShutdown()
        await close()
    }

    /// Takes no more commands and closes after the replies that are owed, which takes a command's timeout at most.
    public func close() async {
        for lane in lanes {
            await lane.close()
        }
    }

    /// Sends one command; an error reply is thrown.
    public func send(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        try await send(command, over: nextLane())
    }

    private func send(_ command: RedisCommand, over lane: RedisLane) async throws(RedisError) -> RedisValue {
        let result = await withCheckedContinuation { continuation in
            lane.send([command], request(.one(continuation), replyCount: 1))
        }
        let value = try result.get()
        if case .error(let reply) = value { throw RedisError(reply: reply) }
        return value
    }

    /// Sends commands that reach the server one after the other with nothing of this client between them; their
    /// replies come in the same order, errors among them as values.
    public func send(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        return try await withCheckedContinuation { continuation in
            nextLane().send(commands, request(.many(continuation), replyCount: commands.count))
        }.get()
    }

    /// Runs a script: by its digest, and once more with its source when the server does not know it.
    ///
    /// While the connections stand, scripts whose first keys have the same hash tag, the part in braces, reach the
    /// server in the order of the calls.
    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue {
        do throws(RedisError) {
            return try await evaluate(script, byDigest: true, keys: keys, arguments: arguments)
        } catch {
            guard error.code == .unknownScript else { throw error }
            return try await evaluate(script, byDigest: false, keys: keys, arguments: arguments)
        }
    }

    /// Runs a script by its digest for a caller that does not wait: it is on its way when this returns, in the same
    /// order as ``evaluate(_:keys:arguments:)``.
    ///
    /// - Parameter completion: told the outcome, on an event loop, which it must not block; `unknownScript` where the
    ///   server does not know the script.
    public func evaluateLater(
        _ script: RedisScript, keys: [String], arguments: [String],
        completion: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void
    ) {
        let command = RedisCommand(script, byDigest: true, keys: keys, arguments: arguments)
        let told: @Sendable (Result<RedisValue, RedisError>) -> Void = { result in
            if case .success(.error(let reply)) = result {
                completion(.failure(RedisError(reply: reply)))
            } else {
                completion(result)
            }
        }
        lane(of: keys.first).send([command], request(.told(told), replyCount: 1))
    }

    private func evaluate(
        _ script: RedisScript, byDigest: Bool, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue {
        let command = RedisCommand(script, byDigest: byDigest, keys: keys, arguments: arguments)
        return try await send(command, over: lane(of: keys.first))
    }

    /// Runs a script on keys that this server of a cluster is taking over from another, as `ASK` tells to.
    func evaluateAsking(
        _ script: RedisScript, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue {
        for byDigest in [true, false] {
            let command = RedisCommand(script, byDigest: byDigest, keys: keys, arguments: arguments)
            let replies = try await send([RedisCommand("ASKING"), command])
            guard case .error(let reply)? = replies.last else { return replies.last ?? .null }
            let error = RedisError(reply: reply)
            guard byDigest, error.code == .unknownScript else { throw error }
        }
        return .null
    }

    public func makeSubscriber(logger: Logger) async throws(RedisError) -> RedisSubscriber {
        RedisSubscriber(configuration, eventLoopGroup: lanes[0].eventLoop, logger: logger)
    }

    /// Asks the server whether it answers.
    public func ping() async throws(RedisError) {
        _ = try await send(RedisCommand("PING"))
    }

    private func request(_ waiter: PendingRequest.Waiter, replyCount: Int) -> PendingRequest {
        PendingRequest(
            waiter: waiter, replyCount: replyCount,
            deadline: .now() + TimeAmount(configuration.commandTimeout))
    }

    /// Lanes take turns; one that is down is passed over while another is not.
    private func nextLane() -> RedisLane {
        lane(number: turn.wrappingAdd(1, ordering: .relaxed).oldValue)
    }

    /// What concerns one hash tag goes one way, so that it arrives in order.
    private func lane(of key: String?) -> RedisLane {
        guard lanes.count > 1, let key else { return nextLane() }
        let bytes = key.utf8
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")),
            let end = bytes[open...].firstIndex(of: UInt8(ascii: "}"))
        else { return lane(number: key.hashValue) }
        return lane(number: key[open..<end].hashValue)
    }

    private func lane(number: Int) -> RedisLane {
        let first = lanes[Int(UInt(bitPattern: number) % UInt(lanes.count))]
        guard lanes.count > 1, first.isDown else { return first }
        return lanes.first { !$0.isDown } ?? first
    }
}
