import Contracts
import Hummingbird
import ServiceKit

/// `GET /api/tickets/{id}`: a buyer's own tickets, whatever became of their event.
struct TicketController: Sendable {
    let store: BookingStore

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":id", use: show)
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<TicketDocument> {
        let identity = try context.requireIdentity()
        guard let ticket = try await store.ticket(context.parameter("id"), of: identity.userID) else {
            throw Problem.notFound("ticket")
        }
        return Reply(ticket.document)
    }
}
