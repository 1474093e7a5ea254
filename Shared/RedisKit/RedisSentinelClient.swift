public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A client of the master that sentinels name, wherever it is after a failover.
///
/// The sentinels are asked before the first command, once a second while the service runs, and whenever the master
/// seems to be another: it cannot be reached, its connection broke, or it refuses writes. A command of which nothing
/// was executed is sent once more when that brings another master.
public final class RedisSentinelClient: RedisScripting {
    private struct State {
        var master: (address: RedisAddress, client: RedisClient)?
        /// The question that is under way.
        var search: Task<Result<RedisClient, RedisError>, Never>?
        var searchedAt: ContinuousClock.Instant?
        var isClosed = false
    }

    /// Failing commands ask the sentinels together, and not more often than this.
    private static let searchPause = Duration.milliseconds(50)
    private static let watchInterval = Duration.seconds(1)
    private static let mastersMax = 3

    private let template: RedisConfiguration
    private let name: String
    private let sentinels: [RedisClient]
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - template: credentials, database and limits of the master; its address is not used
    ///   - sentinels: asked in this order, each without a password unless it has one of its own
    ///   - name: what the sentinels call the master
    init(
        _ template: RedisConfiguration, namedBy sentinels: [RedisConfiguration], as name: String,
        eventLoopGroup: any EventLoopGroup, logger: Logger
    ) {
        self.template = template
        self.name = name
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.sentinels = sentinels.map { sentinel in
            var one = sentinel
            one.connections = 1
            return RedisClient(one, eventLoopGroup: eventLoopGroup, logger: logger)
        }
    }

    /// Follows the master until graceful shutdown or cancellation, then closes.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // What is wrong with the sentinels is told to whoever sends a command.
                _ = await self.search()
                try? await Task.sleep(for: Self.watchInterval)
            }
        }
        await close()
    }

    public func close() async {
        let (master, search) = state.withLock { state in
            state.isClosed = true
            return (state.master?.client, state.search)
        }
        _ = await search?.value
        await master?.close()
        for sentinel in sentinels {
            await sentinel.close()
        }
    }

    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue {
        try await withMaster { client throws(RedisError) in
            try await client.evaluate(script, keys: keys, arguments: arguments)
        }
    }

    public func ping() async throws(RedisError) {
        try await withMaster { client throws(RedisError) in try await client.ping() }
    }

    /// A subscriber on the present master.
    public func makeSubscriber(logger: Logger) async throws(RedisError) -> RedisSubscriber {
        try await currentMaster().makeSubscriber(logger: logger)
    }

    private func withMaster<Value: Sendable>(
        _ body: (RedisClient) async throws(RedisError) -> Value
    ) async throws(RedisError) -> Value {
        var client = try await currentMaster()
        var mastersLeft = Self.mastersMax
        while true {
            do throws(RedisError) {
                return try await body(client)
            } catch {
                mastersLeft -= 1
                guard error.suggestsAnotherServer, mastersLeft > 0 else { throw error }
                if error.outcomeUnknown {
                    // The caller must learn at once that nobody knows; the next command finds the new master.
                    startSearch()
                    throw error
                }
                let found = await search()
                guard case .success(let other) = found, other !== client else { throw error }
                client = other
            }
        }
    }

    private func currentMaster() async throws(RedisError) -> RedisClient {
        if let known = state.withLock({ $0.master?.client }) { return known }
        return try await search().get()
    }

    /// Asks the sentinels, together with everyone who asks at this moment.
    private func search() async -> Result<RedisClient, RedisError> {
        guard let task = startSearch() else {
            let known = state.withLock { $0.isClosed ? nil : $0.master?.client }
            return known.map { .success($0) } ?? .failure(RedisError(.notConnected, "no sentinel named the master"))
        }
        return await task.value
    }

    /// The question under way, or a new one; nil when the last was answered a moment ago, or after the end.
    @discardableResult
    private func startSearch() -> Task<Result<RedisClient, RedisError>, Never>? {
        state.withLock { state in
            if let running = state.search { return running }
            let isRecent = state.searchedAt.map { .now - $0 < Self.searchPause } ?? false
            guard !state.isClosed, !isRecent else { return nil }
            let task = Task { await self.ask() }
            state.search = task
            return task
        }
    }

    private func ask() async -> Result<RedisClient, RedisError> {
        var last = RedisError(.invalidConfiguration, "there are no sentinels")
        var found: RedisAddress?
        for sentinel in sentinels where found == nil {
            do throws(RedisError) {
                let reply = try await sentinel.send(RedisCommand("SENTINEL", "get-master-addr-by-name", name))
                guard let parts = reply.array, parts.count == 2, let host = parts[0].string,
                    let port = parts[1].integer, (1...65_535).contains(port)
                else {
                    last = RedisError(.notConnected, "the sentinels know no master \(name)")
                    continue
                }
                found = RedisAddress(host: host, port: Int(port))
            } catch {
                last = RedisError(.notConnected, "no sentinel answers: \(error.message)")
            }
        }
        return settle(found, last)
    }

    private func settle(_ found: RedisAddress?, _ error: RedisError) -> Result<RedisClient, RedisError> {
        let (result, previous) = state.withLock { state -> (Result<RedisClient, RedisError>, RedisClient?) in
            state.search = nil
            state.searchedAt = .now
            guard let found, !state.isClosed else { return (.failure(error), nil) }
            if let master = state.master, master.address == found { return (.success(master.client), nil) }
            let client = RedisClient(template.at(found), eventLoopGroup: eventLoopGroup, logger: logger)
            let previous = state.master?.client
            state.master = (found, client)
            return (.success(client), previous)
        }
        if let previous {
            logger.notice("the Redis master has moved", metadata: ["master": "\(name)"])
            // Its commands have deadlines, after which it is gone.
            Task { await previous.close() }
        }
        return result
    }
}

extension RedisError {
    /// Whether another server may be in charge now.
    var suggestsAnotherServer: Bool {
        switch code {
        case .notConnected, .timedOut, .connectionClosed, .readOnly, .closed, .busy: true
        default: false
        }
    }
}
