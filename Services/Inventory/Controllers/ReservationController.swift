import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/inventory/reservations`: the buyers' holds.
struct ReservationController: Sendable {
    let reserveSeats: ReserveSeats
    let reservations: ReservationStore
    let clock: any WallClock
    let fingerprinter: RequestFingerprinter

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post(use: create)
        router.get(use: list)
        router.get(":id", use: show)
        router.delete(":id", use: release)
        router.delete(":id/seats/:number", use: releaseSeat)
        router.post(":id/heartbeat", use: heartbeat)
    }

    @Sendable private func create(_ request: Request, context: ServiceContext) async throws -> Response {
        let identity = try context.requireIdentity()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let form = try JSONRequestDecoder.decode(ReservationRequest.self, from: body)
        let order = try ReservationOrder(form, userID: identity.userID)
        let idempotency = try IdempotentOrder(request, body, by: identity, fingerprinter)
        let reply = { @Sendable (reservation: Reservation) in
            StoredReply(
                status: 201, body: String(decoding: try reservation.json(at: reservation.reservedAt), as: UTF8.self))
        }
        let outcome = try await translatingRefusals {
            try await reserveSeats.execute(
                order, waitAtMost: form.waitMs.map { .milliseconds($0) }, idempotency: idempotency,
                deadline: context.deadline, reply: reply)
        }
        var response = try outcome.response(reply)
        if case .executed(let reservation, _) = outcome {
            response.headers[.location] = "/api/inventory/reservations/\(reservation.id)"
        }
        return response
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Reply<
        [ReservationDocument]
    > {
        let identity = try context.requireIdentity()
        let page = try PageRequest(request)
        let now = clock.now()
        let status = request.uri.queryParameters["status"]
        guard status == nil || status?.lowercased() == "active" else {
            throw Problem.invalid("status", "must be active")
        }
        let found = try await reservations.reservations(
            of: identity.userID, activeAt: status == nil ? nil : now, page: page)
        return Reply(
            found.page.map { $0.document(at: now) }, headers: page.headers(total: found.total, request: request))
    }

    @Sendable private func show(_ request: Request, context: ServiceContext) async throws -> Reply<ReservationDocument>
    {
        let identity = try context.requireIdentity()
        guard let reservation = try await reservations.find(try context.parameter("id")),
            reservation.userID == identity.userID || identity.isAdmin
        else { throw ReservationRefusal.reservationUnknown.problem(at: clock.now()) }
        return Reply(reservation.document(at: clock.now()))
    }

    @Sendable private func release(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        try await translatingRefusals {
            try await reservations.release(id, by: identity.userID, at: clock.now())
        }
        return .noContent
    }

    @Sendable private func releaseSeat(
        _ request: Request, context: ServiceContext
    ) async throws -> HTTPResponse.Status {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        let number = try context.parameter("number")
        try await translatingRefusals {
            try await reservations.releaseSeat(number, of: id, by: identity.userID, at: clock.now())
        }
        return .noContent
    }

    @Sendable private func heartbeat(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<ReservationDocument> {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        let form = try await heartbeatForm(request, context)
        let now = clock.now()
        let reservation = try await translatingRefusals {
            try await reservations.heartbeat(
                id, by: identity.userID, isHidden: form.hidden ?? false, at: now)
        }
        return Reply(reservation.document(at: now))
    }

    /// A heartbeat has nothing to say but that it is one, so its body may be left out.
    private func heartbeatForm(_ request: Request, _ context: ServiceContext) async throws -> HeartbeatRequest {
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        guard body.readableBytes > 0 else { return HeartbeatRequest() }
        return try JSONRequestDecoder.decode(HeartbeatRequest.self, from: body)
    }

    private func translatingRefusals<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await RefusalTranslation(clock: clock).run(body)
    }
}
