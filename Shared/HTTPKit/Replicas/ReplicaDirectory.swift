import Synchronization

/// Where the replicas of one service are and how they were when last asked: one for each service and process.
///
/// It starts with what the configuration names. A name stands for a replica itself until it has been resolved; from then
/// on each of its addresses does. Event loops take over what is new when they next choose a replica: a request costs a
/// look at one number, and a lock only after a change.
package final class ReplicaDirectory: Sendable {
    /// So many endpoints a configuration may name.
    package static let endpointsMax = 32
    /// So many replicas are used, however many addresses the names have.
    package static let replicasMax = 64

    /// What has changed since a version.
    struct News {
        let version: Int
        /// All replicas, when some came or went.
        let members: [Endpoint]?
        /// The replicas that were asked.
        let reports: [ReplicaReport]
    }

    private struct State {
        var replicas: [(report: ReplicaReport, version: Int)]
        var membersVersion = 1
    }

    /// The name of the service, for messages.
    package let service: String
    /// As configured.
    package let endpoints: [Endpoint]
    private let state: Mutex<State>
    private let latestVersion = Atomic<Int>(1)

    /// The replicas of `service`, which the configuration says are at `endpoints`: at least one, at most
    /// `endpointsMax`, none twice.
    package init(_ service: String, at endpoints: [Endpoint]) {
        precondition(
            !endpoints.isEmpty && endpoints.count <= Self.endpointsMax, "a service has one to 32 endpoints")
        self.service = service
        self.endpoints = endpoints
        state = Mutex(State(replicas: endpoints.map { (ReplicaReport($0, .unknown), 0) }))
    }

    /// The value of a Host field for the service, whichever replica gets the request.
    package var authority: String { endpoints[0].authority }

    /// All replicas.
    package var replicas: [ReplicaReport] { state.withLock { $0.replicas.map(\.report) } }

    /// Takes what names were found to stand for; those that could not be resolved keep what they had.
    package func resolved(_ addresses: [Endpoint: [Endpoint]]) {
        var members: [Endpoint] = []
        for endpoint in endpoints {
            for member in addresses[endpoint] ?? [endpoint] where !members.contains(member) { members.append(member) }
        }
        members = Array(members.prefix(Self.replicasMax))
        state.withLock { state in
            let known = state.replicas
            guard members != known.map(\.report.endpoint) else { return }
            state.replicas = members.map { member in
                known.first { $0.report.endpoint == member } ?? (ReplicaReport(member, .unknown), 0)
            }
            state.membersVersion = nextVersion()
        }
    }

    /// Takes the answer of a replica; one that has left meanwhile is ignored.
    ///
    /// It is news even when it says the same as before: an event loop whose requests failed meanwhile learns from it
    /// that they can go on.
    package func learned(_ report: ReplicaReport) {
        state.withLock { state in
            guard let index = state.replicas.firstIndex(where: { $0.report.endpoint == report.endpoint }) else {
                return
            }
            state.replicas[index] = (report, nextVersion())
        }
    }

    /// What is new since `version`, 0 for everything; nil when nothing is.
    func news(since version: Int) -> News? {
        guard latestVersion.load(ordering: .acquiring) != version else { return nil }
        return state.withLock { state in
            News(
                version: latestVersion.load(ordering: .relaxed),
                members: state.membersVersion > version ? state.replicas.map(\.report.endpoint) : nil,
                reports: state.replicas.filter { $0.version > version }.map(\.report))
        }
    }

    /// To be called with the lock held, so that whoever sees a version finds under the lock what it stands for.
    private func nextVersion() -> Int {
        latestVersion.add(1, ordering: .releasing).newValue
    }
}
