import Contracts
import Hummingbird
import ServiceKit

/// `GET /api/inventory/reconciliation`: the stock counted twice, for auditors.
struct ReconciliationController: Sendable {
    let store: ReconciliationStore

    private static let limitMax = 1000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get("reconciliation", use: show)
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<
        InventoryReconciliation
    > {
        try context.requireAdmin()
        let parameters = request.uri.queryParameters
        let limit = parameters["limit"].map { Int($0) ?? 0 } ?? Self.limitMax
        guard (1...Self.limitMax).contains(limit) else {
            throw Problem.invalid("limit", "must be from 1 to \(Self.limitMax)")
        }
        let eventID = parameters["eventId"].map(String.init) ?? ""
        let after = parameters["after"].map(String.init) ?? ""
        guard let found = try await store.read(eventID, after: after, limit: limit) else {
            throw Problem.notFound("event")
        }
        return Reply(found)
    }
}
