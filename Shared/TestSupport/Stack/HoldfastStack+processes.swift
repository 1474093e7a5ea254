package import Contracts
import Foundation
import HTTPKit
import NIOCore
import Synchronization

/// The processes of a stack: started, killed, paused, waited for.
extension HoldfastStack {
    /// How many processes of a service there are.
    package func replicaCount(of name: ServiceName) -> Int { plan.replicas(of: name).count }

    /// Starts every process of a service that does not run; `faults` replace the ones the stack was given, so that a
    /// restart meets none unless asked.
    package func start(_ name: ServiceName, faults: String? = nil) async throws {
        for replica in plan.replicas(of: name) where processes.withLock({ $0[replica]?.isRunning }) != true {
            try await start(replica, faults: faults)
        }
    }

    /// Starts one process.
    package func start(_ replica: StackReplica, faults: String? = nil) async throws {
        var environment = plan.environment(of: replica)
        let isRestart = processes.withLock { $0[replica] != nil }
        if let faults {
            environment["FAULT_POINTS"] = faults
        } else if isRestart {
            environment["FAULT_POINTS"] = nil
        }
        let process = try await ChildProcess.launch(
            Self.executable(replica.service), environment: environment, logFile: plan.logFile(of: replica))
        processes.withLock { $0[replica] = process }
    }

    /// A process of a service, running or ended.
    package func process(_ name: ServiceName, replica number: Int = 0) throws -> ChildProcess {
        let replica = StackReplica(name, number)
        return try processes.withLock { $0[replica] }.orThrow(StackError(message: "\(replica) was never started"))
    }

    /// Ends a process at once, as a crash or `kill -9` does.
    package func kill9(_ name: ServiceName, replica: Int = 0) throws { try process(name, replica: replica).kill() }

    /// Asks a process to end and waits until it has.
    @discardableResult
    package func terminate(_ name: ServiceName, replica: Int = 0) async throws -> ChildProcess.End {
        try await process(name, replica: replica).terminate()
    }

    /// Waits until every process is ready and every gateway knows; the error says which one is not, and what it last
    /// printed.
    package func waitUntilHealthy(within limit: Duration = .seconds(60)) async throws {
        var last = "no reply"
        do {
            try await eventually(within: limit, "readiness of all services") {
                for replica in plan.replicas where try !process(replica.service, replica: replica.number).isRunning {
                    throw StackError(message: "\(replica) ended: \(self.log(of: replica))")
                }
                for gateway in gateways {
                    guard let reply = await ask(gateway, "/health") else { return false }
                    last = String(buffer: reply.body)
                    guard reply.status == 200 else { return false }
                }
                // A gateway may remember a time before a restart, so that each process is asked itself too.
                for replica in plan.replicas {
                    guard await isReady(replica) else {
                        last = "\(replica) is not ready: \(self.log(of: replica))"
                        return false
                    }
                }
                return true
            }
        } catch is ConditionNeverHeld {
            throw StackError(message: "not ready within \(limit): \(last)")
        }
    }

    /// Whether a process says of itself that it is ready.
    package func isReady(_ replica: StackReplica) async -> Bool {
        await ask(plan.operationsEndpoint(of: replica), "/health/ready")?.status == 200
    }

    /// The end of what a process printed.
    package func log(of name: ServiceName) -> String { log(of: StackReplica(name)) }

    /// The end of what a process printed.
    package func log(of replica: StackReplica) -> String {
        let text = (try? String(contentsOfFile: plan.logFile(of: replica), encoding: .utf8)) ?? ""
        return String(text.suffix(2000))
    }

    private func ask(_ endpoint: Endpoint, _ target: String) async -> ClientResponse? {
        try? await http.send(
            ClientRequest(method: "GET", target: target), to: endpoint, deadline: .after(.seconds(2)))
    }

    /// The executable of a service, beside the one that runs the tests.
    package static func executable(_ name: ServiceName) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name.rawValue).path
    }
}
