import Contracts
import Hummingbird
import ServiceKit

/// `/api/payments`: payments as their payers see them, and all of them for auditors.
struct PaymentController: Sendable {
    let charges: ChargeStore
    let reconciliation: ReconciliationStore

    private static let limitMax = 1000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get("reconciliation", use: reconcile)
        router.get(":id", use: show)
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<PaymentDocument> {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        guard let charge = try await charges.find(paymentID: id, of: identity.userID) else {
            throw Problem.notFound("payment")
        }
        return Reply(charge.paymentDocument)
    }

    @Sendable private func reconcile(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<[PaymentReconciliationEntry]> {
        try context.requireAdmin()
        let parameters = request.uri.queryParameters
        let limit = parameters["limit"].map { Int($0) ?? 0 } ?? Self.limitMax
        guard (1...Self.limitMax).contains(limit) else {
            throw Problem.invalid("limit", "must be from 1 to \(Self.limitMax)")
        }
        let after = parameters["after"].map(String.init) ?? ""
        return Reply(try await reconciliation.read(after: after, limit: limit))
    }
}
