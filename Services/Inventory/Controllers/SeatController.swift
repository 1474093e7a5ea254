import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/inventory/events/{eventId}/seats`: what can be had, for everyone.
struct SeatController: Sendable {
    let events: EventStore
    let clock: any WallClock

    private static let pageMax = 10_000
    /// Of a name to look for, in UTF-8: more than the longest that a section may have.
    private static let sectionBytesMax = 100

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":eventId/seats", use: list)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Response {
        let query = try query(request, eventID: try context.parameter("eventId"))
        guard let (event, seats) = try await events.seats(query, at: clock.now()),
            event.isVisible(to: context.identity)
        else { throw Problem.notFound("event") }
        var body = try SeatListWriter(event: event).write(seats.prefix(Self.pageMax))
        var headers: HTTPFields = [.eTag: body.entityTag, .cacheControl: "no-cache", .vary: "Accept-Encoding"]
        if seats.count > Self.pageMax {
            headers[.link] = "<\(nextPage(request, after: seats[Self.pageMax - 1].ordinal))>; rel=\"next\""
        }
        guard request.headers[.ifNoneMatch] != headers[.eTag] else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = Response.jsonMediaType
        if body.readableBytes >= Gzip.bytesMin, Gzip.isAccepted(by: request.headers),
            let compressed = Gzip.compress(body)
        {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    private func query(_ request: Request, eventID: String) throws -> SeatQuery {
        let parameters = request.uri.queryParameters
        var query = SeatQuery(eventID: eventID, limit: Self.pageMax + 1)
        switch parameters["status"]?.lowercased() {
        case nil, "available": query.status = .available
        case "reserved": query.status = .reserved
        case "sold": query.status = .sold
        case "blocked": query.status = .blocked
        case "all": query.status = nil
        default: throw Problem.invalid("status", "must be all, available, reserved, sold or blocked")
        }
        query.section = try parameters["section"].map(section)
        if let after = parameters["after"] {
            guard let ordinal = Int64(after) else { throw Problem.invalid("after", "must come from a Link header") }
            query.afterOrdinal = ordinal
        }
        return query
    }

    private func section(_ text: Substring) throws(Problem) -> String {
        // No section is called so, and no database looks for U+0000.
        guard text.utf8.count <= Self.sectionBytesMax, !text.utf8.contains(0) else {
            throw .invalid("section", "must be the name of a section")
        }
        return String(text)
    }

    private func nextPage(_ request: Request, after ordinal: Int64) -> String {
        var parameters = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") }
        parameters.append("after=\(ordinal)")
        return "\(request.uri.path)?\(parameters.joined(separator: "&"))"
    }
}
