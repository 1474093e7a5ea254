import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LockKit
import Logging
import NIOCore
import RedisKit
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import inventory

/// The monitoring routes of two replicas on one Redis, at `/first` and `/second`.
@Suite struct MonitoringControllerTests {
    /// Epochs that are forgotten with the test.
    private final class CountedEpochs: FencingEpochSource {
        private let epoch = Atomic<Int64>(0)
        func raiseEpoch(scope: String) -> Int64 { epoch.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private struct Replica: Sendable {
        let locks: LockService
        let exchange: ContentionExchange
    }

    private struct Replicas: Sendable {
        let first: Replica
        let second: Replica
        let redis: PrivateRedis
        let test: TestEnvironment
        let client: any TestClientProtocol

        func get<Document: Decodable>(_ path: String) async throws -> Document {
            let response = try await client.execute(uri: path, method: .get)
            #expect(response.status == .ok)
            return try WireJSON.decoder.decode(Document.self, from: Data(response.body.readableBytesView))
        }

        func reset(_ path: String, as role: UserRole) async throws -> HTTPResponse.Status {
            try await client.execute(
                uri: "\(path)/lock-contention/reset", method: .post,
                headers: [.authorization: test.bearer("ada", role)]
            ).status
        }

        /// Publishes what both have counted.
        func exchange() async {
            for replica in [first, second] {
                let running = Task { try await replica.exchange.run() }
                // It publishes a last time when it ends.
                running.cancel()
                _ = await running.result
            }
        }
    }

    private func withReplicas(_ body: @escaping @Sendable (Replicas) async throws -> Void) async throws {
        let redis = try await PrivateRedis.start()
        let test = try await TestEnvironment.make(.inventory)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let client = RedisClient(
            try RedisConfiguration(url: redis.url), eventLoopGroup: test.environment.eventLoopGroup,
            logger: logger)
        let epochs = CountedEpochs()
        let router = test.environment.makeRouter()
        var replicas: [Replica] = []
        for name in ["first", "second"] {
            var configuration = ContentionMonitor.Configuration()
            configuration.group = Seat.section(ofResource:)
            let monitor = ContentionMonitor(configuration: configuration)
            let exchange = ContentionExchange(monitor: monitor, redis: client, logger: logger)
            MonitoringController(exchange: exchange, clock: test.clock).addRoutes(to: router.group("\(name)"))
            replicas.append(
                Replica(
                    locks: LockService(redis: client, epochs: epochs, monitor: monitor, logger: logger),
                    exchange: exchange))
        }
        let (first, second) = (replicas[0], replicas[1])
        let responder = RunningService.responder(ServiceParts(router: router), test.environment)
        try await Application(responder: responder, logger: logger).test(.router) { http in
            try await body(Replicas(first: first, second: second, redis: redis, test: test, client: http))
        }
        for replica in replicas { await replica.locks.close() }
        await client.close()
        await test.close()
    }

    private let seat = "seat:E:A-1-1"

    @Test("whichever replica is asked, the answer is about all of them")
    func merged() async throws {
        try await withReplicas { replicas async throws in
            let grant = try await replicas.first.locks.acquire([seat, "seat:E:B-1-1"], scope: "E")
            for _ in 0..<3 {
                await #expect(throws: LockError.self) {
                    _ = try await replicas.second.locks.acquire([seat], scope: "E")
                }
            }
            await replicas.exchange()
            for path in ["/first", "/second"] {
                for window in ["1m", "5m", "1h", "total"] {
                    let all: LockContentionDocument = try await replicas.get(
                        "\(path)/lock-contention?window=\(window)&top=1")
                    #expect(all.window == window)
                    #expect(all.totals.totalAttempts == 5)
                    #expect(all.totals.failedAttempts == 3)
                    #expect(all.hottest.map(\.resourceKey) == [seat])
                    #expect(all.groups["E"]?.totalAttempts == 5)
                    #expect(all.groups["seat:E:A"]?.totalAttempts == 4)
                    #expect(all.groups["seat:E:B"]?.totalAttempts == 1)
                    #expect(all.holders.map(\.fencingToken) == [grant.token.description])
                }
                let one: LockStatisticsDocument = try await replicas.get("\(path)/lock-contention/\(seat)")
                #expect(one.totalAttempts == 4)
                #expect(one.contentionRate == 0.75)
                let never: LockStatisticsDocument = try await replicas.get("\(path)/lock-contention/seat:E:Z-9-9")
                #expect(never.totalAttempts == 0)
            }
        }
    }

    @Test("a reset at one replica is a reset of all, and only an admin's")
    func reset() async throws {
        try await withReplicas { replicas async throws in
            await replicas.first.locks.release(try await replicas.first.locks.acquire([seat], scope: "E"))
            await replicas.exchange()
            #expect(try await replicas.reset("/second", as: .user) == .forbidden)
            #expect(try await replicas.reset("/second", as: .admin) == .ok)
            for path in ["/second", "/first"] {
                try await eventually {
                    let all: LockContentionDocument = try await replicas.get("\(path)/lock-contention")
                    return all.totals.totalAttempts == 0 && all.resources.isEmpty
                }
            }
        }
    }

    @Test("without Redis a reset is refused, and a replica still tells what it knows")
    func withoutRedis() async throws {
        try await withReplicas { replicas async throws in
            await replicas.first.locks.release(try await replicas.first.locks.acquire([seat], scope: "E"))
            replicas.redis.kill()
            #expect(try await replicas.reset("/first", as: .admin) == .serviceUnavailable)
            let all: LockContentionDocument = try await replicas.get("/first/lock-contention")
            #expect(all.totals.totalAttempts == 1)
        }
    }

    @Test("windows and counts that make no sense are refused", arguments: ["window=1y", "top=0", "top=1001", "top=x"])
    func refused(query: String) async throws {
        try await withReplicas { replicas async throws in
            let response = try await replicas.client.execute(uri: "/first/lock-contention?\(query)", method: .get)
            #expect(response.status.code == 422)
        }
    }

    @Test("what the locks did is among the metrics")
    func metrics() async throws {
        try await withReplicas { replicas async throws in
            let grant = try await replicas.first.locks.acquire([seat], scope: "E")
            await #expect(throws: LockError.self) { _ = try await replicas.first.locks.acquire([seat], scope: "E") }
            let registry = PrometheusRegistry()
            LockMetrics(monitor: replicas.first.locks.monitor, registry: registry).update()
            let text = registry.render()
            #expect(text.contains("seat_lock_attempts_total{outcome=\"won\"} 1\n"))
            #expect(text.contains("seat_lock_attempts_total{outcome=\"held\"} 1\n"))
            #expect(text.contains("seat_lock_holders 1\n"))
            #expect(text.contains("seat_lock_contention_ratio 0.5\n"))
            await replicas.first.locks.release(grant)
        }
    }
}
