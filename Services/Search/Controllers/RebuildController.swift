import Contracts
import Hummingbird
import ServiceKit

/// `/internal/search/rebuild`: making the index anew while it is searched.
struct RebuildController: Sendable {
    let rebuild: RebuildIndex

    func addRoutes(to router: Router<ServiceContext>) {
        router.internalRoutes()
            .get("search/rebuild", use: status)
            .post("search/rebuild", use: begin)
    }

    @Sendable private func status(_ request: Request, context: ServiceContext) async throws -> Reply<RebuildStatus> {
        Reply(rebuild.status)
    }

    @Sendable private func begin(_ request: Request, context: ServiceContext) async throws -> Reply<RebuildStatus> {
        let form = try await request.decode(as: RebuildRequest.self, context: context)
        return Reply(rebuild.request(form), status: .accepted)
    }
}
