import Contracts
package import HTTPKit

/// Asks a replica over HTTP whether it is ready.
package struct HTTPReplicaProbe: ReplicaProbe {
    private let client: HTTPClient

    package init(client: HTTPClient) {
        self.client = client
    }

    package func report(on replica: Endpoint, deadline: Deadline) async -> ReplicaReport {
        let request = ClientRequest(method: "GET", target: Health.readyPath)
        do {
            let response = try await client.send(request, to: replica, deadline: deadline)
            if response.status == 200 { return ReplicaReport(replica, .ready, status: "ok") }
            // Only the word is taken: the reasons may name what is nobody's business.
            let report = try? WireJSON.decode(Health.Report.self, from: response.body)
            return ReplicaReport(replica, .notReady, status: report?.status ?? "unavailable")
        } catch {
            return ReplicaReport(replica, error.code == .connectFailed ? .unreachable : .silent)
        }
    }
}
