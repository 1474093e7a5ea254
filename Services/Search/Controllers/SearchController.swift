import Contracts
import Hummingbird
import Logging
import ServiceKit

/// `/api/search`: finding events.
struct SearchController: Sendable {
    let searchEvents: SearchEvents
    let suggestTexts: SuggestTexts

    func addRoutes(to router: Router<ServiceContext>) {
        router.group("api/search")
            .get(use: search)
            .get("suggest", use: suggest)
    }

    @Sendable private func search(_ request: Request, context: ServiceContext) async throws -> Response {
        let (query, page) = try SearchParameters(request).query()
        let results = try await answering(context) { try await searchEvents(query) }
        return .json(
            bytes: try SearchReplyWriter(query: query, page: page, results: results).json(),
            headers: page.searchHeaders(total: results.total, request: request))
    }

    @Sendable private func suggest(_ request: Request, context: ServiceContext) async throws -> Reply<[String]> {
        let text = try SearchParameters(request).text()
        return Reply(try await answering(context) { try await suggestTexts(text) })
    }

    /// Says 503 where an engine outside this process does not answer as it must; time heals that.
    private func answering<Result>(
        _ context: ServiceContext, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch  where error is SearchEngineFailure || error as? SearchError == .indexMissing {
            context.log.warning("no answer", metadata: ["error": "\(error)"])
            throw Problem.unavailable(
                code: "dependency-unavailable", detail: "the search engine does not answer; try again", retryAfter: 1)
        }
    }
}
