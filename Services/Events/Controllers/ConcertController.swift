import Contracts
import Hummingbird
import ServiceKit

/// `/api/concerts`: the same events, also under the names that concert sites use.
struct ConcertController: Sendable {
    let readEvents: ReadEvents

    func addRoutes(to router: Router<ServiceContext>) {
        router.group("api/concerts")
            .get(use: list)
            .get(":id", use: get)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Reply<[ConcertDocument]> {
        let page = try PageRequest(request)
        let filter = try EventFilter(request)
        return try await answering {
            let (events, total) = try await readEvents.list(filter, page, for: context.identity)
            return Reply(events.map(ConcertDocument.init), headers: page.headers(total: total, request: request))
        }
    }

    @Sendable private func get(_ request: Request, context: ServiceContext) async throws -> Reply<ConcertDocument> {
        let id = try context.parameter("id")
        return try await answering {
            Reply(ConcertDocument(event: try await readEvents.event(id, for: context.identity)))
        }
    }
}
