import Contracts
import HTTPKit

/// The health of all services together, as `GET /health` shows it.
///
/// However many ask, the replicas are asked at most every half second: those who ask meanwhile share the answer, and
/// the balancing learns from it too.
struct ServiceHealth: Sendable {
    /// The state of one replica; where it is stays inside.
    struct Replica: Sendable, Hashable, Codable {
        /// `ok`, what the replica says of itself, `silent` or `unreachable`.
        let status: String
    }

    /// The state of one service.
    struct Service: Sendable, Hashable, Codable {
        /// `ok` when a replica is, else what the first of them is.
        let status: String
        let replicas: [Replica]

        init(_ reports: [ReplicaReport]) {
            replicas = reports.map { Replica(status: $0.status) }
            let best = reports.first { $0.condition == .ready } ?? reports.first { $0.condition == .notReady }
            status = (best ?? reports.first)?.status ?? ReplicaCondition.unreachable.rawValue
        }
    }

    /// The document of the route.
    struct Report: Sendable, Hashable, Codable {
        /// `ok` when every service is, else `unavailable`.
        let status: String
        let services: [ServiceName: Service]

        var isReady: Bool { status == "ok" }
    }

    private static let maximumAge = Duration.milliseconds(500)

    private let directories: [ServiceName: ReplicaDirectory]
    private let monitor: ReplicaMonitor

    init(_ directories: [ServiceName: ReplicaDirectory], monitor: ReplicaMonitor) {
        self.directories = directories
        self.monitor = monitor
    }

    /// A report at most half a second old.
    func report() async -> Report {
        let services = await withTaskGroup(of: (ServiceName, Service).self) { group in
            for (name, directory) in directories {
                group.addTask {
                    (name, Service(await monitor.reports(on: directory, noOlderThan: Self.maximumAge)))
                }
            }
            return await group.reduce(into: [ServiceName: Service]()) { $0[$1.0] = $1.1 }
        }
        let isReady = services.values.allSatisfy { $0.status == "ok" }
        return Report(status: isReady ? "ok" : "unavailable", services: services)
    }
}
