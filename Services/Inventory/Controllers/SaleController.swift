import Contracts
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit

/// `/internal/reservations/{id}/sale`: what booking takes back of what was sold.
struct SaleController: Sendable {
    let sales: SaleStore
    let clock: any WallClock

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.put("reservations/:id/sale", use: keep)
    }

    @Sendable private func keep(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let kept = try await request.decode(as: KeptPlaces.self, context: context)
        let id = try context.parameter("id")
        try await FaultPoint.reach("inventory.keep.before")
        do {
            try await RefusalTranslation(clock: clock).run { try await sales.keep(kept, of: id) }
        } catch let disagreement as StockDisagreement {
            context.log.critical("sold places could not be taken back", metadata: ["error": "\(disagreement)"])
            throw Problem.conflict(code: "stock-disagreement", detail: "The stock has not sold these places.")
        }
        try await FaultPoint.reach("inventory.keep.after")
        return .noContent
    }
}
