import Contracts
import Hummingbird
import ServiceKit

/// `GET /api/inventory/events/{eventId}/audit`: what happened to an event's stock, for its organizer.
struct StockTrailController: Sendable {
    let events: EventStore
    let trail: StockTrailStore

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":eventId/audit", use: show)
    }

    @Sendable private func show(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<[StockChangeDocument]> {
        let event = try await context.organizedEvent(in: events, "sees what happened to its stock")
        let page = try PageRequest(request)
        let found = try await trail.entries(ofEvent: event.id, page)
        return Reply(found.page, headers: page.headers(total: found.total, request: request))
    }
}
