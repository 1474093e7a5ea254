import Contracts
import HTTPKit
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// `--check-health`, asked of a real server on a real port.
@Suite struct HealthCheckTests {
    private struct Failure: Error, CustomStringConvertible {
        let description = "the disk is full"
    }

    /// Serves health on a free port while `body` runs.
    private func withService(
        readiness: [ReadinessCheck], host: String = "127.0.0.1", _ body: (Int) async throws -> Void
    ) async throws {
        let port = Mutex(0)
        let harness = try ResponderHarness(readiness: readiness) { _ in }
        let server = HTTPServer(
            harness.responder, host: host, port: 0, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: harness.test.environment.logger
        ) { listening in port.withLock { $0 = listening } }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], logger: harness.test.environment.logger))
        async let running: Void = group.run()
        try await eventually(within: .seconds(10), "listening") { port.withLock { $0 } != 0 }
        try await body(port.withLock { $0 })
        await group.triggerGracefulShutdown()
        try await running
        await harness.test.close()
    }

    private func ask(_ settings: [String: String]) async throws -> HealthCheck.Answer {
        try await HealthCheck(Settings(settings), service: .inventory).ask()
    }

    @Test func `a service that is ready is called so, and no keys are needed to ask`() async throws {
        try await withService(readiness: [ReadinessCheck("redis") {}]) { (port) async throws in
            #expect(try await ask(["PORT": "\(port)"]) == .init(isReady: true, line: "inventory: ok"))
        }
    }

    @Test func `a service that is not ready says which check failed and why`() async throws {
        let checks = [ReadinessCheck("redis") {}, ReadinessCheck("database") { throw Failure() }]
        try await withService(readiness: checks) { (port) async throws in
            let answer = try await ask(["PORT": "\(port)"])
            #expect(!answer.isReady)
            #expect(answer.line == "inventory: unavailable; database failed: the disk is full")
        }
    }

    @Test func `a service that listens on every address is asked on this machine's own`() async throws {
        try await withService(readiness: [], host: "0.0.0.0") { (port) async throws in
            #expect(try await ask(["PORT": "\(port)", "HOST": "0.0.0.0"]).isReady)
        }
    }

    @Test func `the gateway is asked where its operations are`() async throws {
        try await withService(readiness: []) { (port) async throws in
            let settings = Settings(["PORT": "\(try FreePort.find())", "OPERATIONS_PORT": "\(port)"])
            #expect(try await HealthCheck(settings, service: .gateway).ask().isReady)
        }
    }

    @Test func `nobody there is not ready`() async throws {
        let port = try FreePort.find()
        let answer = try await ask(["PORT": "\(port)"])
        #expect(!answer.isReady)
        #expect(answer.line.hasPrefix("inventory: no answer from http://127.0.0.1:\(port): connectFailed"))
    }

    @Test func `a port that the system chooses cannot be asked`() {
        #expect(throws: SettingsError.self) { try HealthCheck(Settings(["PORT": "0"]), service: .inventory) }
    }
}
