import Contracts
import HTTPKit

/// Asks one service how it is.
protocol HealthProbe: Sendable {
    /// The service's own report; fails when it does not answer by `deadline`.
    func report(of endpoint: Endpoint, deadline: Deadline) async throws -> ServiceHealth.Service
}

/// Asks over HTTP.
struct HTTPHealthProbe: HealthProbe {
    /// The part of a service's report that is passed on. The reasons stay inside: they may name what is nobody's
    /// business.
    private struct Report: Decodable {
        let status: String
    }

    let client: HTTPClient

    func report(of endpoint: Endpoint, deadline: Deadline) async throws -> ServiceHealth.Service {
        let request = ClientRequest(method: "GET", target: "/health/ready")
        let response = try await client.send(request, to: endpoint, deadline: deadline)
        let report = try WireJSON.decode(Report.self, from: response.body)
        return ServiceHealth.Service(status: response.status == 200 ? "ok" : report.status)
    }
}
