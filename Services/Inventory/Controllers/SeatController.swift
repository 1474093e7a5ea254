import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/inventory/events/{eventId}/seats`: what can be had, for everyone.
struct SeatController: Sendable {
    let events: EventStore
    let clock: any WallClock

    private static let pageMax = 10_000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":eventId/seats", use: list)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Response {
        let query = try query(request, eventID: try context.parameter("eventId"))
        guard let (event, seats) = try await events.seats(query, at: clock.now()) else {
            throw Problem.notFound("event")
        }
        let body = try SeatListWriter(event: event).write(seats.prefix(Self.pageMax))
        let entityTag = body.entityTag
        var headers: HTTPFields = [.eTag: entityTag, .cacheControl: "no-cache"]
        if seats.count > Self.pageMax {
            headers[.link] = "<\(nextPage(request, after: seats[Self.pageMax - 1].ordinal))>; rel=\"next\""
        }
        if request.headers[.ifNoneMatch] == entityTag { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    private func query(_ request: Request, eventID: String) throws -> SeatQuery {
        let parameters = request.uri.queryParameters
        var query = SeatQuery(eventID: eventID, limit: Self.pageMax + 1)
        switch parameters["status"]?.lowercased() {
        case nil, "available": query.status = .available
        case "reserved": query.status = .reserved
        case "sold": query.status = .sold
        case "all": query.status = nil
        default: throw Problem.invalid("status", "must be all, available, reserved or sold")
        }
        query.section = parameters["section"].map(String.init)
        if let after = parameters["after"] {
            guard let ordinal = Int64(after) else { throw Problem.invalid("after", "must come from a Link header") }
            query.afterOrdinal = ordinal
        }
        return query
    }

    private func nextPage(_ request: Request, after ordinal: Int64) -> String {
        var parameters = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") }
        parameters.append("after=\(ordinal)")
        return "\(request.uri.path)?\(parameters.joined(separator: "&"))"
    }
}
