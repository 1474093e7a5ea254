import Contracts
package import Hummingbird
import Synchronization

/// Whether the process should get requests, and why not.
package final class Health: Sendable {
    /// The body of `/health/ready`.
    package struct Report: Sendable, Hashable, Codable {
        /// `ok`, `unavailable` or `stopping`.
        package let status: String
        /// `ok` or a reason, by the name of the check.
        package let checks: [String: String]

        package var isReady: Bool { status == "ok" }
    }

    /// Where readiness is asked for; its 503 is a report, not a problem.
    static let readyPath = "/health/ready"

    /// How long one check may take.
    static let checkTimeout: Duration = .seconds(1)

    private let checks: [ReadinessCheck]
    private let stopping = Atomic<Bool>(false)

    package init(_ checks: [ReadinessCheck]) {
        self.checks = checks
    }

    /// From now on the process is not ready.
    package func beginStopping() { stopping.store(true, ordering: .relaxed) }

    /// Runs all checks at once.
    package func report() async -> Report {
        let results = await withTaskGroup(of: (String, String).self) { group in
            for check in checks { group.addTask { (check.name, await Self.outcome(of: check)) } }
            return await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        }
        let isStopping = stopping.load(ordering: .relaxed)
        let isGood = results.values.allSatisfy { $0 == "ok" }
        return Report(status: isStopping ? "stopping" : isGood ? "ok" : "unavailable", checks: results)
    }

    /// `ok`, or why not; a check that does not answer in time is left behind.
    private static func outcome(of check: ReadinessCheck) async -> String {
        await withTaskGroup(of: String.self) { group in
            group.addTask {
                do {
                    try await check.check()
                    return "ok"
                } catch {
                    return "failed: \(error)"
                }
            }
            group.addTask {
                try? await Task.sleep(for: checkTimeout)
                return "no answer within \(checkTimeout.components.seconds) s"
            }
            let first = await group.next() ?? "no answer"
            group.cancelAll()
            return first
        }
    }
}

extension Router where Context == ServiceContext {
    /// Adds `/health/live`, `/health/ready` and `/metrics`.
    package func addOperations(_ health: Health, _ metrics: PrometheusRegistry) {
        get("/health/live") { _, _ in Reply(["status": "ok"]) }
        get(RouterPath(Health.readyPath)) { _, _ in
            let report = await health.report()
            return Reply(report, status: report.isReady ? .ok : .serviceUnavailable)
        }
        get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
        }
    }
}
