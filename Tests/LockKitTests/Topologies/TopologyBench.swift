import LockKit
import NIOPosix
import RedisKit
import TestSupport
import Testing

/// A lock service on whatever a Redis URL names, as another process would have it.
struct TopologyBench: Sendable {
    let clients: [any RedisScripting]
    let locks: LockService
    let epochs: MemoryEpochs

    /// Runs `body` with a service of its own on `url`.
    static func with(
        _ url: String, commandTimeout: Duration = .seconds(1), epochs: MemoryEpochs = MemoryEpochs(),
        _ body: (TopologyBench) async throws -> Void
    ) async throws {
        var topology = try RedisTopology(url: url)
        for index in topology.servers.indices {
            topology.servers[index].commandTimeout = commandTimeout
        }
        let clients = topology.makeClients(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: LockBench.logger)
        let locks = LockService(
            majorityOf: clients, epochs: epochs, monitor: ContentionMonitor(), logger: LockBench.logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(TopologyBench(clients: clients, locks: locks, epochs: epochs)))
        } catch {
            result = .failure(error)
        }
        await locks.close()
        for client in clients { await client.close() }
        try result.get()
    }

    /// Acquires as soon as the servers can be reached, whatever is refused until then.
    func acquireEventually(_ resources: [String], within limit: Duration = .seconds(30)) async throws -> LockGrant {
        var grant: LockGrant?
        try await eventually(within: limit, "an acquisition") {
            grant = try? await locks.acquire(resources, scope: "E")
            return grant != nil
        }
        return try #require(grant)
    }
}
