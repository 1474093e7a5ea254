import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/holds`: what checkout pages hold, one hold for a buyer and event.
struct HoldController: Sendable {
    let beginCheckout: BeginCheckout
    let reservations: ReservationStore
    let clock: any WallClock
    /// How often pages are asked to show that they are there.
    let heartbeat: Duration
    let fingerprinter: RequestFingerprinter

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.post("checkout", use: checkOut)
        router.post("heartbeat", use: heartbeat)
        router.delete(":concertId", use: release)
    }

    @Sendable private func checkOut(_ request: Request, context: ServiceContext) async throws -> Response {
        try await answering {
            let identity = try context.requireIdentity()
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let form = try JSONRequestDecoder.decode(CheckoutHoldRequest.self, from: body)
            let order = try CheckoutOrder(form, userID: identity.userID)
            let idempotency = try IdempotentOrder(request, body, by: identity, fingerprinter)
            let reply = { @Sendable [heartbeat] (checkout: CheckoutTransaction.Checkout) in
                try StoredReply(
                    status: checkout.isReplacement ? 200 : 201, json: checkout.document(heartbeat: heartbeat))
            }
            return try await beginCheckout.execute(
                order, idempotency: idempotency, deadline: context.deadline, reply: reply
            ).response(reply)
        }
    }

    @Sendable private func heartbeat(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<CheckoutHeartbeatReply> {
        try await answering {
            let identity = try context.requireIdentity()
            let form = try await request.decode(as: CheckoutHeartbeatRequest.self, context: context)
            let hold = try await reservations.heartbeatCheckout(
                of: identity.userID, on: form.concertId, isHidden: form.hidden ?? false, at: clock.now())
            return Reply(
                CheckoutHeartbeatReply(expiresAt: hold.expiresAt, hardExpiresAt: hold.period.hardExpiresAt))
        }
    }

    @Sendable private func release(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        try await answering {
            let identity = try context.requireIdentity()
            let eventID = try context.parameter("concertId")
            try await reservations.releaseCheckout(of: identity.userID, on: eventID, at: clock.now())
            return .noContent
        }
    }

    private func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await Problem.withSuccessMember { try await RefusalTranslation(clock: clock).run(body) }
    }
}

extension CheckoutOrder {
    private static let itemsMax = 50

    /// Checks the form of a request.
    ///
    /// - Throws: ``Problem`` with status 422 that names every field at fault.
    init(_ request: CheckoutHoldRequest, userID: String) throws(Problem) {
        var errors: [FieldError] = []
        if !UUIDv7.isWellFormed(request.concertId) {
            errors.append(FieldError("concertId", "must be an event's id"))
        }
        if !(1...Self.itemsMax).contains(request.items.count) {
            throw .invalid("items", "must have 1 to \(Self.itemsMax) entries")
        }
        if Set(request.items.map(\.tier)).count != request.items.count {
            errors.append(FieldError("items", "must name each tier once"))
        }
        for (index, item) in request.items.enumerated()
        where !(1...ReservationOrder.quantityMax).contains(item.quantity) {
            errors.append(
                FieldError("items[\(index)].quantity", "must be at least 1 and not more than an order may have"))
        }
        guard errors.isEmpty else { throw .invalid(errors) }
        self.init(
            eventID: request.concertId, userID: userID,
            items: request.items.map { Item(tier: $0.tier, quantity: $0.quantity) })
    }
}

extension CheckoutTransaction.Checkout {
    /// The checkout as its page sees it.
    func document(heartbeat: Duration) -> CheckoutHoldReply {
        let holds = reservation.lines.map { line in
            CheckoutHoldReply.Hold(
                id: "\(reservation.id):\(line.ticketTypeID)",
                tier: event.ticketType(line.ticketTypeID)?.name ?? line.ticketTypeID, quantity: line.quantity,
                expiresAt: reservation.expiresAt)
        }
        return CheckoutHoldReply(
            reservationId: reservation.id, holds: holds, expiresAt: reservation.expiresAt,
            hardExpiresAt: reservation.period.hardExpiresAt, heartbeatSeconds: Int(heartbeat.components.seconds))
    }
}
