import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/inventory/events/{eventId}/seatmap`: all seats for drawing, small enough to be asked for often.
struct SeatMapController: Sendable {
    let readSeatMap: ReadSeatMap

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":eventId/seatmap", use: get)
    }

    @Sendable private func get(_ request: Request, context: ServiceContext) async throws -> Response {
        let id = try context.parameter("eventId")
        guard let map = try await readSeatMap.execute(id, for: context.identity) else {
            throw Problem.notFound("event")
        }
        var headers: HTTPFields = [.eTag: map.entityTag, .cacheControl: "no-cache", .vary: "Accept-Encoding"]
        guard !EntityTag.matches(map.entityTag, ifNoneMatch: request.headers[.ifNoneMatch]) else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = Response.jsonMediaType
        guard let gzip = map.gzip, Gzip.isAccepted(by: request.headers) else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: map.json))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: gzip))
    }
}
