import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `POST /api/bookings/{id}/cancel`: give tickets back for their price.
struct CancellationController: Sendable {
    let cancel: CancelBooking
    let fingerprinter: RequestFingerprinter

    /// What a 202 tells its client to wait before asking again.
    private static let pollSeconds = 1
    /// More tickets than any booking has.
    private static let ticketsMax = 10_000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post(":id/cancel", use: cancel)
    }

    @Sendable private func cancel(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        // Without a body, everything.
        let isEmpty = body.readableBytes == 0
        let form = try isEmpty ? CancelRequest() : JSONRequestDecoder.decode(CancelRequest.self, from: body)
        if let ids = form.ticketIds, ids.isEmpty || ids.count > Self.ticketsMax {
            throw Problem.invalid("ticketIds", "must name at least one ticket, or be left out to cancel all")
        }
        let order = CancelBooking.Order(
            bookingID: try context.parameter("id"), userID: identity.userID, ticketIDs: form.ticketIds,
            key: try KeyedRequest(request, body: body, of: identity.userID, fingerprinter))
        let answer = try await CancellationRefusal.translated { try await cancel.execute(order, context.call) }
        var response = answer.reply.response(replayed: answer.isReplayed)
        if answer.reply.status == 202 { response.headers[.retryAfter] = String(Self.pollSeconds) }
        return response
    }
}
