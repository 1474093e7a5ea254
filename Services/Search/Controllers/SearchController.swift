import Contracts
import Hummingbird
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

    @Sendable private func search(_ request: Request, context: ServiceContext) async throws -> Reply<SearchReply> {
        let (query, page) = try SearchParameters(request).query()
        do {
            let results = try await searchEvents(query, in: context.call)
            let reply = SearchReply(
                query: query.text, total: results.total, page: page.page, pageSize: page.pageSize,
                results: results.hits, facets: results.facets.document)
            return Reply(reply, headers: page.headers(total: results.total, request: request))
        } catch SearchError.eventsUnavailable {
            throw Problem.unavailable(
                code: "dependency-unavailable", detail: "the events service does not answer; try again",
                retryAfter: 1)
        }
    }

    @Sendable private func suggest(_ request: Request, context: ServiceContext) async throws -> Reply<[String]> {
        Reply(try await suggestTexts(SearchParameters(request).text()))
    }
}
