import Contracts
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit

/// `/internal`: what events and booking ask of the stock.
struct InternalController: Sendable {
    let putEventRules: PutEventRules
    let removeEvent: RemoveEvent
    let events: EventStore
    let reservations: ReservationStore
    let clock: any WallClock

    private static let eventsPerRequestMax = 100

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.put("events/:id", use: putRules)
        router.delete("events/:id", use: remove)
        router.post("events/:id/refunds", use: beginRefunds)
        router.get("availability", use: stock)
        router.get("checkouts/:eventId", use: checkout)
        router.post("reservations/:id/pin", use: pin)
        router.post("reservations/:id/unpin", use: unpin)
        router.post("reservations/:id/commit", use: commit)
    }

    @Sendable private func putRules(_ request: Request, context: ServiceContext) async throws -> Reply<RulesDecision> {
        let rules = try await request.decode(as: EventRules.self, context: context)
        guard try context.parameter("id") == rules.eventId else {
            throw Problem.invalid("eventId", "must be the id in the address")
        }
        return Reply(try await putEventRules.execute(rules))
    }

    @Sendable private func remove(_ request: Request, context: ServiceContext) async throws -> Reply<RulesDecision> {
        let id = try context.parameter("id")
        guard UUIDv7.isWellFormed(id) else { throw Problem.notFound("event") }
        guard let version = request.uri.queryParameters["version"].flatMap({ Int64($0) }), version > 0 else {
            throw Problem.invalid("version", "must be a version of the event's rules")
        }
        return Reply(try await removeEvent.execute(id, version: version))
    }

    @Sendable private func beginRefunds(
        _ request: Request, context: ServiceContext
    ) async throws -> HTTPResponse.Status {
        guard try await events.beginRefunds(of: try context.parameter("id")) else {
            throw Problem.conflict(code: "event-not-cancelled", detail: "The event is not cancelled.")
        }
        return .noContent
    }

    @Sendable private func stock(_ request: Request, context: ServiceContext) async throws -> Reply<StockReport> {
        let query = request.uri.queryParameters
        let ids = (query["ids"] ?? "").split(separator: ",").map(String.init)
        guard (1...Self.eventsPerRequestMax).contains(ids.count), ids.allSatisfy(UUIDv7.isWellFormed) else {
            throw Problem.invalid("ids", "must be 1 to \(Self.eventsPerRequestMax) event ids")
        }
        let versions = (query["known"] ?? "").split(separator: ",").map { Int64($0) ?? 0 }
        guard versions.isEmpty || versions.count == ids.count else {
            throw Problem.invalid("known", "must be one version for each id")
        }
        let known = zip(ids, versions.isEmpty ? Array(repeating: 0, count: ids.count) : versions)
        return Reply(
            try await events.report(
                since: Dictionary(known, uniquingKeysWith: { first, _ in first }), at: clock.now()))
    }

    @Sendable private func pin(_ request: Request, context: ServiceContext) async throws -> Reply<PinnedReservation> {
        let form = try await request.decode(as: PinRequest.self, context: context)
        let id = try context.parameter("id")
        let now = clock.now()
        let reservation = try await translatingRefusals {
            try await reservations.pin(id, for: form.bookingId, by: form.userId, at: now)
        }
        return Reply(
            PinnedReservation(
                reservation: reservation.document(at: now), totalMinorUnits: reservation.total.minorUnits,
                pinnedUntil: reservation.endsAt, ticketNumbers: reservation.ticketing?.ticketNumbers))
    }

    @Sendable private func checkout(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<CheckoutReference> {
        guard let userID = request.uri.queryParameters["userId"].map(String.init) else {
            throw Problem.invalid("userId", "is needed")
        }
        let eventID = try context.parameter("eventId")
        guard let hold = try await reservations.checkout(of: userID, on: eventID, at: clock.now()) else {
            throw ReservationRefusal.expired.problem(at: clock.now())
        }
        return Reply(CheckoutReference(reservationId: hold.id))
    }

    @Sendable private func unpin(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let form = try await request.decode(as: PinnedRequest.self, context: context)
        let id = try context.parameter("id")
        try await translatingRefusals { try await reservations.unpin(id, from: form.bookingId) }
        return .noContent
    }

    @Sendable private func commit(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let form = try await request.decode(as: PinnedRequest.self, context: context)
        let id = try context.parameter("id")
        try await FaultPoint.reach("inventory.commit.before")
        do {
            try await translatingRefusals { try await reservations.commit(id, for: form.bookingId) }
        } catch let disagreement as StockDisagreement {
            // Refused for good, so that the buyer gets the money back instead of waiting for a person.
            context.log.critical("a commit was refused", metadata: ["error": "\(disagreement)"])
            throw Problem.conflict(code: "stock-disagreement", detail: "The stock does not hold these places.")
        }
        try await FaultPoint.reach("inventory.commit.after")
        return .noContent
    }

    private func translatingRefusals<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await RefusalTranslation(clock: clock).run(body)
    }
}
