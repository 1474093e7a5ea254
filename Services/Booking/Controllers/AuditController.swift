import Contracts
import Hummingbird
import ServiceKit

/// What happened to money and tickets: to a booking for its buyer, to all bookings of an event for its organizer; and
/// how far the refunds of a cancelled event have come.
struct AuditController: Sendable {
    let bookings: BookingStore
    let audit: AuditStore
    let refunds: EventRefundStore
    let events: KnownEvents

    func addRoutes(to api: RouterGroup<ServiceContext>) {
        api.get("bookings/:id/history", use: history)
        api.get("events/:id/audit", use: ofEvent)
        api.get("events/:id/refunds", use: refunds)
    }

    @Sendable private func history(_ request: Request, context: ServiceContext) async throws -> Reply<[AuditDocument]> {
        let identity = try context.requireIdentity()
        let id = try context.parameter("id")
        guard try await bookings.booking(id, of: identity.userID) != nil else { throw Problem.notFound("booking") }
        let page = try PageRequest(request)
        let found = try await audit.entries(ofBooking: id, page)
        return Reply(found.page, headers: page.headers(total: found.total, request: request))
    }

    @Sendable private func ofEvent(_ request: Request, context: ServiceContext) async throws -> Reply<[AuditDocument]> {
        let event = try await organized(context)
        let page = try PageRequest(request)
        let found = try await audit.entries(ofEvent: event.id, page)
        return Reply(found.page, headers: page.headers(total: found.total, request: request))
    }

    @Sendable private func refunds(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<EventRefundsDocument> {
        Reply(try await refunds.progress(of: organized(context).id))
    }

    private func organized(_ context: ServiceContext) async throws -> EventCopy {
        let identity = try context.requireIdentity()
        return try await events.event(context.parameter("id"), organizedBy: identity, context.call)
    }
}
