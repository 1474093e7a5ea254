import Contracts
import Hummingbird
import ServiceKit

/// `/api/payments/reconciliation`: all charges for auditors, and what did not agree.
struct ReconciliationController: Sendable {
    let reconciliation: ReconciliationStore
    let differences: DifferenceStore

    private static let limitMax = 1000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get("reconciliation", use: charges)
        router.get("reconciliation/differences", use: differences)
    }

    @Sendable private func charges(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<[PaymentReconciliationEntry]> {
        let (after, limit) = try Self.page(request, context)
        return Reply(try await reconciliation.read(after: after, limit: limit))
    }

    @Sendable private func differences(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<[PaymentDifference]> {
        let (after, limit) = try Self.page(request, context)
        return Reply(try await differences.read(after: after, limit: limit).map(\.document))
    }

    private static func page(_ request: Request, _ context: ServiceContext) throws -> (after: String, limit: Int) {
        try context.requireAdmin()
        let parameters = request.uri.queryParameters
        let limit = parameters["limit"].map { Int($0) ?? 0 } ?? limitMax
        guard (1...limitMax).contains(limit) else {
            throw Problem.invalid("limit", "must be from 1 to \(limitMax)")
        }
        return (parameters["after"].map(String.init) ?? "", limit)
    }
}
