import Contracts
import Hummingbird
import ServiceKit

/// `/internal/events`: the catalogue as other services follow it.
struct InternalEventController: Sendable {
    let readEvents: ReadEvents

    private static let changesDefault = 100
    private static let changesMax = 500

    func addRoutes(to router: Router<ServiceContext>) {
        router.internalRoutes()
            .get("events", use: events)
            .get("events/changes", use: changes)
    }

    @Sendable private func events(_ request: Request, context: ServiceContext) async throws -> Reply<[EventDocument]> {
        let ids = (request.uri.queryParameters["ids"] ?? "").split(separator: ",").map { $0.lowercased() }
        guard ids.count <= StockReader.batchMax else {
            throw Problem.invalid("ids", "must name at most \(StockReader.batchMax) events")
        }
        return try await answering { Reply(try await readEvents.events(ids)) }
    }

    @Sendable private func changes(_ request: Request, context: ServiceContext) async throws -> Reply<EventChanges> {
        let query = request.uri.queryParameters
        guard let after = Int64(query["after"] ?? "0"), after >= 0 else {
            throw Problem.invalid("after", "must be a sequence")
        }
        guard let limit = Int(query["limit"] ?? "\(Self.changesDefault)"), (1...Self.changesMax).contains(limit) else {
            throw Problem.invalid("limit", "must be a whole number from 1 to \(Self.changesMax)")
        }
        return Reply(try await readEvents.changes(after: after, limit: limit))
    }
}
