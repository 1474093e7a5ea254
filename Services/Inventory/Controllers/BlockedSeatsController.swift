import Contracts
import Hummingbird
import ServiceKit

/// `/api/inventory/events/{eventId}/seats/blocked`: what an organizer keeps back from sale.
struct BlockedSeatsController: Sendable {
    let events: EventStore
    let clock: any WallClock

    static let seatsMax = 5_000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.put(":eventId/seats/blocked", use: put)
    }

    /// The list is the whole truth afterwards, so the same request again changes nothing.
    @Sendable private func put(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<BlockedSeatsDocument> {
        let id = try await context.organizedEvent(in: events, "keeps seats back").id
        let form = try await request.decode(as: BlockedSeatsRequest.self, context: context)
        let numbers = Set(form.seatNumbers)
        guard numbers.count <= Self.seatsMax else {
            throw Problem.invalid("seatNumbers", "must name at most \(Self.seatsMax) seats")
        }
        let transaction = BlockedSeatsTransaction(eventID: id, seatNumbers: numbers, now: clock.now())
        let version = try await RefusalTranslation(clock: clock).run { try await events.block(transaction) }
        return Reply(BlockedSeatsDocument(eventId: id, version: version, seatNumbers: numbers.sorted()))
    }
}
