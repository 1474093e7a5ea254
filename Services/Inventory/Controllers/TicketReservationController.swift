import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/tickets/reserve` and `/api/tickets/reservation`: a quantity of one ticket type for a customer.
struct TicketReservationController: Sendable {
    let reserveSeats: ReserveSeats
    let reservations: ReservationStore
    let clock: any WallClock
    let fingerprinter: RequestFingerprinter

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("reserve", use: reserve)
        router.get("reservation/:id", use: show)
        router.delete("reservation/:id", use: cancel)
    }

    @Sendable private func reserve(_ request: Request, context: ServiceContext) async throws -> Response {
        try await answering {
            let identity = try context.requireIdentity()
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let form = try JSONRequestDecoder.decode(TicketReservationRequest.self, from: body)
            let order = try ReservationOrder(form, userID: identity.userID)
            let idempotency = try IdempotentOrder(request, body, by: identity, fingerprinter)
            let reply = { @Sendable (reservation: Reservation) in
                try StoredReply(status: 201, json: reservation.ticketReply(at: reservation.reservedAt))
            }
            return try await reserveSeats.execute(
                order, waitAtMost: nil, idempotency: idempotency, deadline: context.deadline, reply: reply
            ).response(reply)
        }
    }

    @Sendable private func show(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<TicketReservationDocument> {
        try await answering {
            let identity = try context.requireIdentity()
            guard let reservation = try await reservations.find(try context.parameter("id")),
                reservation.userID == identity.userID || identity.isAdmin
            else { throw ReservationRefusal.reservationUnknown }
            return Reply(reservation.ticketDocument(at: clock.now()))
        }
    }

    @Sendable private func cancel(_ request: Request, context: ServiceContext) async throws -> Reply<DoneReply> {
        try await answering {
            let identity = try context.requireIdentity()
            try await reservations.release(
                try context.parameter("id"), by: identity.userID, at: clock.now())
            return Reply(DoneReply("Reservation cancelled"))
        }
    }

    private func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await Problem.withSuccessMember { try await RefusalTranslation(clock: clock).run(body) }
    }
}
