import Contracts
import HTTPKit

/// The health of all services together, as `GET /health` shows it.
///
/// However many ask, the services are asked at most every half second: those who ask meanwhile share the answer.
actor ServiceHealth {
    /// The state of one service.
    struct Service: Sendable, Hashable, Codable {
        /// `ok`, what the service says of itself, or `unreachable`.
        let status: String
    }

    /// The document of the route.
    struct Report: Sendable, Hashable, Codable {
        /// `ok` when every service is, else `unavailable`.
        let status: String
        let services: [ServiceName: Service]

        var isReady: Bool { status == "ok" }
    }

    private static let timeout = Duration.seconds(1)
    private static let maximumAge = Duration.milliseconds(500)

    private let services: [ServiceName: Endpoint]
    private let probe: any HealthProbe
    private var latest: (report: Report, at: ContinuousClock.Instant)?
    private var running: Task<Report, Never>?

    init(services: [ServiceName: Endpoint], probe: any HealthProbe) {
        self.services = services
        self.probe = probe
    }

    /// A report at most half a second old.
    func report() async -> Report {
        if let latest, latest.at.duration(to: .now) < Self.maximumAge { return latest.report }
        if let running { return await running.value }
        let task = Task { await Self.ask(services, probe) }
        running = task
        let report = await task.value
        running = nil
        latest = (report, .now)
        return report
    }

    private static func ask(_ services: [ServiceName: Endpoint], _ probe: any HealthProbe) async -> Report {
        let deadline = Deadline.after(timeout)
        let states = await withTaskGroup(of: (ServiceName, Service).self) { group in
            for (name, endpoint) in services {
                group.addTask {
                    let state = try? await probe.report(of: endpoint, deadline: deadline)
                    return (name, state ?? Service(status: "unreachable"))
                }
            }
            return await group.reduce(into: [ServiceName: Service]()) { $0[$1.0] = $1.1 }
        }
        let isReady = states.values.allSatisfy { $0.status == "ok" }
        return Report(status: isReady ? "ok" : "unavailable", services: states)
    }
}
