package import Contracts
import HTTPKit
import Logging
import NIOCore
import NIOPosix

/// Asks a running service of this machine whether it is ready, so that containers need no other program for it.
package struct HealthCheck: Sendable {
    /// What came of asking.
    package struct Answer: Sendable, Hashable {
        package let isReady: Bool
        /// One line for people; of a service that is not ready it says why.
        package let line: String
    }

    /// How long an answer may take; the service gives its own checks a second.
    static let patience: Duration = .seconds(3)

    private let service: ServiceName
    private let endpoint: Endpoint

    /// A check of `service` where `settings`, the ones it was started with, say that it answers about its health.
    ///
    /// Throws ``SettingsError`` when they name no port.
    package init(_ settings: Settings, service: ServiceName) throws {
        self.service = service
        let address = try ListenAddress(settings, service: service)
        guard address.healthPort > 0 else { throw SettingsError("--check-health needs the port, not 0 for any") }
        endpoint = Endpoint(host: Self.reachable(address.host), port: address.healthPort)
    }

    /// Asks once.
    package func ask() async -> Answer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = HTTPClient(
            eventLoopGroup: group, logger: Logger(label: "health") { _ in SwiftLogNoOpLogHandler() })
        let answer: Answer
        do {
            let response = try await client.send(
                ClientRequest(method: "GET", target: Health.readyPath), to: endpoint, deadline: .after(Self.patience))
            let report = try WireJSON.decode(Health.Report.self, from: response.body)
            answer = Answer(isReady: response.status == 200 && report.isReady, line: describe(report))
        } catch {
            answer = Answer(isReady: false, line: "\(service.rawValue): no answer from \(endpoint): \(error)")
        }
        await client.shutdown()
        // The process ends next: a thread that could not be joined ends with it.
        try? await group.shutdownGracefully()
        return answer
    }

    private func describe(_ report: Health.Report) -> String {
        let failed = report.checks.filter { $0.value != "ok" }.sorted { $0.key < $1.key }
        let reasons = failed.map { "; \($0.key) \($0.value)" }.joined()
        return "\(service.rawValue): \(report.status)\(reasons)"
    }

    /// A service that listens on every address is asked on the loopback interface.
    package static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }
}
