import Contracts
import DatabaseKit
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit

/// `/internal`: what events and booking ask of the stock.
struct InternalController: Sendable {
    let putEventRules: PutEventRules
    let events: EventStore
    let reservations: ReservationStore
    let clock: any WallClock

    private static let eventsPerRequestMax = 100

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.put("events/:id", use: putRules)
        router.get("availability", use: stock)
        router.post("reservations/:id/pin", use: pin)
        router.post("reservations/:id/unpin", use: unpin)
        router.post("reservations/:id/commit", use: commit)
    }

    @Sendable private func putRules(_ request: Request, context: ServiceContext) async throws -> HTTPResponse.Status {
        let rules = try await request.decode(as: EventRules.self, context: context)
        guard try context.parameter("id") == rules.eventId else {
            throw Problem.invalid("eventId", "must be the id in the address")
        }
        do {
            try await putEventRules.execute(rules)
        } catch let error as DatabaseError where error.constraint?.name == "never_oversold" {
            throw Problem.conflict(
                code: "capacity-below-sold", title: "Capacity too small",
                detail: "More places are reserved and sold than that.")
        }
        return .noContent
    }

    @Sendable private func stock(_ request: Request, context: ServiceContext) async throws -> Reply<[EventStock]> {
        let ids = (request.uri.queryParameters["ids"] ?? "").split(separator: ",").map(String.init)
        guard (1...Self.eventsPerRequestMax).contains(ids.count), ids.allSatisfy(UUIDv7.isWellFormed) else {
            throw Problem.invalid("ids", "must be 1 to \(Self.eventsPerRequestMax) event ids")
        }
        return Reply(try await events.stock(of: ids, at: clock.now()))
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
                pinnedUntil: reservation.endsAt))
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
