public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A client of a Redis Cluster: each script goes to the server that has its keys' slot.
///
/// The map of slots is read from the first server that answers, corrected by every `MOVED`, and read again when a
/// server is away. A command of which nothing was executed follows its slot within its deadline; one whose outcome is
/// unknown is never repeated.
public final class RedisClusterClient: RedisScripting {
    private struct State {
        var slots = ClusterSlots()
        var clients: [RedisAddress: RedisClient] = [:]
        /// The reading of the map that is under way.
        var reading: Task<Void, Never>?
        var readAt: ContinuousClock.Instant?
        var isClosed = false
    }

    /// Redirections of one command; a stable cluster needs one, a moving slot two.
    private static let hopsMax = 8
    /// Failing commands read the map together, and not more often than this.
    private static let readingPause = Duration.milliseconds(50)
    private static let serversMax = 1000

    private let seeds: [RedisConfiguration]
    private let template: RedisConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let state = Mutex(State())

    /// `seeds` are some servers of the cluster; credentials and limits of the first are those of all.
    init(_ seeds: [RedisConfiguration], eventLoopGroup: any EventLoopGroup, logger: Logger) {
        precondition(!seeds.isEmpty, "a cluster has servers")
        self.seeds = seeds
        template = seeds[0]
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
    }

    /// Reads the map, stays until graceful shutdown or cancellation, then closes.
    public func run() async throws {
        await readMap()
        // A cancelled wait is an end like any other: what follows closes the connections.
        try? await gracefulShutdown()
        await close()
    }

    public func close() async {
        let (clients, reading) = state.withLock { state in
            state.isClosed = true
            return (Array(state.clients.values), state.reading)
        }
        for client in clients {
            await client.close()
        }
        await reading?.value
    }

    public func ping() async throws(RedisError) {
        var last = RedisError(.notConnected, "the cluster has no servers")
        for address in known() {
            do throws(RedisError) {
                return try await client(at: address).ping()
            } catch {
                last = error
            }
        }
        throw last
    }

    /// A subscriber on the first server that answers: what is published on one is heard on all.
    public func makeSubscriber(logger: Logger) async throws(RedisError) -> RedisSubscriber {
        for address in known() {
            guard let client = try? client(at: address), (try? await client.ping()) != nil else { continue }
            return try await client.makeSubscriber(logger: logger)
        }
        throw RedisError(.notConnected, "no server of the cluster answers")
    }

    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue {
        let slot = ClusterSlots.slot(of: keys.first ?? "")
        guard keys.dropFirst().allSatisfy({ ClusterSlots.slot(of: $0) == slot }) else {
            throw RedisError(.invalidConfiguration, "the keys of a script are in different slots of the cluster")
        }
        let deadline = ContinuousClock.now + template.commandTimeout
        var address = try await owner(of: slot)
        var isAsking = false
        var backoff = Backoff(.milliseconds(5)...Duration.milliseconds(50))
        var hopsLeft = Self.hopsMax
        while true {
            let failure: RedisError
            do throws(RedisError) {
                let server = try client(at: address)
                return isAsking
                    ? try await server.evaluateAsking(script, keys: keys, arguments: arguments)
                    : try await server.evaluate(script, keys: keys, arguments: arguments)
            } catch {
                failure = error
            }
            isAsking = false
            guard ContinuousClock.now < deadline, hopsLeft > 0 else { throw failure }
            if failure.code == .redirected, let target = ClusterRedirection(failure.message, from: address) {
                hopsLeft -= target.isTemporary ? 0 : 1
                isAsking = target.isTemporary
                follow(target)
                address = target.address
                continue
            }
            guard failure.suggestsAnotherServer else { throw failure }
            guard !failure.outcomeUnknown else {
                startReading()
                throw failure
            }
            await readMap()
            let next = try await owner(of: slot)
            if failure.code == .busy {
                // Loading, or half of a slot's keys are on their way: over in a moment, or not before the deadline.
                var generator = SystemRandomNumberGenerator()
                // Cut short by cancellation, it only asks the sooner.
                try? await Task.sleep(for: backoff.next(using: &generator))
            } else if next == address {
                throw failure
            }
            address = next
        }
    }

    private func owner(of slot: Int) async throws(RedisError) -> RedisAddress {
        if let owner = state.withLock({ $0.slots.owner(of: slot) }) { return owner }
        await readMap()
        guard let owner = state.withLock({ $0.slots.owner(of: slot) }) else {
            throw RedisError(.notConnected, "no server of the cluster names the owner of slot \(slot)")
        }
        return owner
    }

    private func follow(_ redirection: ClusterRedirection) {
        guard !redirection.isTemporary else { return }
        state.withLock { $0.slots.assign(redirection.slot, to: redirection.address) }
        startReading()
    }

    private func client(at address: RedisAddress) throws(RedisError) -> RedisClient {
        let client = state.withLock { state -> RedisClient? in
            if let known = state.clients[address] { return known }
            guard !state.isClosed, state.clients.count < Self.serversMax else { return nil }
            let made = RedisClient(template.at(address), eventLoopGroup: eventLoopGroup, logger: logger)
            state.clients[address] = made
            return made
        }
        guard let client else { throw RedisError(.closed, "the client was closed") }
        return client
    }

    /// Every server that may know the map: those in it first, then the seeds.
    private func known() -> [RedisAddress] {
        let mapped = state.withLock { $0.slots.addresses }
        return mapped + seeds.map(\.address).filter { !mapped.contains($0) }
    }

    private func readMap() async {
        await startReading()?.value
    }

    @discardableResult
    private func startReading() -> Task<Void, Never>? {
        state.withLock { state in
            if let running = state.reading { return running }
            let isRecent = state.readAt.map { .now - $0 < Self.readingPause } ?? false
            guard !state.isClosed, !isRecent else { return nil }
            let task = Task { await self.readFromAnyone() }
            state.reading = task
            return task
        }
    }

    private func readFromAnyone() async {
        var found: ClusterSlots?
        for address in known() {
            // A server that cannot be asked is passed over; what is wrong is told to whoever sends a command.
            guard let client = try? client(at: address),
                let reply = try? await client.send(RedisCommand("CLUSTER", "SLOTS")),
                let slots = ClusterSlots(reply, from: address), !slots.addresses.isEmpty
            else { continue }
            found = slots
            break
        }
        let retired = state.withLock { state -> [RedisClient] in
            state.reading = nil
            state.readAt = .now
            guard let found else { return [] }
            state.slots = found
            let kept = Set(found.addresses + seeds.map(\.address))
            let retired = state.clients.filter { !kept.contains($0.key) }
            for address in retired.keys {
                state.clients[address] = nil
            }
            return Array(retired.values)
        }
        for client in retired {
            await client.close()
        }
    }
}
