import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `/api/tickets`: tickets whatever became of their event, the pictures of their codes, and what is done with them.
struct TicketController: Sendable {
    let tickets: TicketStore
    let codec: TicketCodec
    let transfer: TransferTicket
    let checkIn: CheckInTicket
    let fingerprinter: RequestFingerprinter

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get(":id", use: show)
        router.get(":id/qr.svg", use: showSVG)
        router.get(":id/qr.png", use: showPNG)
        router.post(":id/transfer", use: transfer)
        router.post("check-in", use: checkIn)
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<TicketDocument> {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        guard let ticket = try await tickets.ticket(id, readableBy: identity.userID) else {
            throw Problem.notFound("ticket")
        }
        return Reply(ticket.document)
    }

    @Sendable private func showSVG(_ request: Request, context: ServiceContext) async throws -> Response {
        let (ticket, picture) = try await picture(context)
        return Self.response("image/svg+xml", ByteBuffer(string: picture.svg(title: "Ticket \(ticket.number)")))
    }

    @Sendable private func showPNG(_ request: Request, context: ServiceContext) async throws -> Response {
        let (_, picture) = try await picture(context)
        guard let bytes = picture.png() else { throw Problem.overloaded() }
        return Self.response("image/png", ByteBuffer(bytes: bytes))
    }

    /// The code of a ticket, for the one who holds it and nobody else, its buyer included.
    private func picture(_ context: ServiceContext) async throws -> (Ticket, CodePicture) {
        let identity = try context.requireIdentity()
        guard let ticket = try await tickets.ticket(context.parameter("id")), ticket.userID == identity.userID else {
            throw Problem.notFound("ticket")
        }
        guard ticket.status != .cancelled else { throw TicketRefusal.cancelled.problem }
        guard let text = codec.text(ticket.code), let picture = CodePicture(text) else { throw Problem.internalError }
        return (ticket, picture)
    }

    /// A code admits its bearer: nothing between here and the holder may keep it.
    private static func response(_ mediaType: String, _ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: mediaType, .cacheControl: "private, no-store"],
            body: ResponseBody(byteBuffer: body))
    }

    @Sendable private func transfer(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let form = try JSONRequestDecoder.decode(TransferRequest.self, from: body)
        guard let email = EmailAddress(form.email) else {
            throw Problem.invalid("email", "must be an email address of at most \(EmailAddress.lengthMax) characters")
        }
        let id = try context.parameter("id")
        let keyed = try KeyedRequest(request, body: body, of: identity.userID, fingerprinter)
        let outcome = try await TicketRefusal.translated {
            try await transfer.execute(id, to: email, by: identity.userID, keyed, context.call)
        }
        return outcome.reply.response(replayed: outcome.isReplayed)
    }

    @Sendable private func checkIn(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let form = try JSONRequestDecoder.decode(CheckInRequest.self, from: body)
        let keyed = try KeyedRequest(request, body: body, of: identity.userID, fingerprinter)
        let outcome = try await TicketRefusal.translated {
            try await checkIn.execute(form.code, by: identity, keyed, context.call)
        }
        return outcome.reply.response(replayed: outcome.isReplayed)
    }
}
