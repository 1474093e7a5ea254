import Contracts
import Hummingbird
import LockKit
import Logging
import ServiceKit

/// `/api/monitoring/lock-contention`: what the seat locks of all replicas do.
struct MonitoringController: Sendable {
    let exchange: ContentionExchange
    let clock: any WallClock

    private static let topStandard = 100
    private static let topMax = 1000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        let group = router.group("lock-contention")
        group.get(use: report)
        group.get(":resourceKey", use: statistics)
        group.post("reset", use: reset)
    }

    @Sendable private func report(_ request: Request, context: ServiceContext) async throws -> Reply<
        LockContentionDocument
    > {
        let parameters = request.uri.queryParameters
        let top = parameters["top"].map { Int($0) ?? 0 } ?? Self.topStandard
        guard (1...Self.topMax).contains(top) else {
            throw Problem.invalid("top", "must be from 1 to \(Self.topMax)")
        }
        let snapshot = await exchange.snapshot(window: try window(of: request), top: top)
        return Reply(snapshot.document(at: clock.now()))
    }

    @Sendable private func statistics(_ request: Request, context: ServiceContext) async throws -> Reply<
        LockStatisticsDocument
    > {
        let resource = try context.parameter("resourceKey")
        return Reply(await exchange.statistics(for: resource, window: try window(of: request)).document)
    }

    @Sendable private func reset(_ request: Request, context: ServiceContext) async throws -> Reply<[String: String]> {
        let admin = try context.requireAdmin()
        do {
            try await exchange.reset()
        } catch {
            context.log.warning("lock statistics were not reset", metadata: ["error": "\(error)"])
            throw Problem.unavailable(
                code: "dependency-unavailable", detail: "The other replicas cannot be told; nothing was forgotten.",
                retryAfter: 1)
        }
        context.log.notice("lock statistics were reset", metadata: ["by": "\(admin.userID)"])
        return Reply(["message": "Lock contention statistics were reset."])
    }

    private func window(of request: Request) throws -> ContentionWindow {
        guard let name = request.uri.queryParameters["window"] else { return .total }
        guard let window = ContentionWindow(rawValue: String(name)) else {
            let names = ContentionWindow.allCases.map(\.rawValue)
            throw Problem.invalid("window", "must be one of \(names.joined(separator: ", "))")
        }
        return window
    }
}
