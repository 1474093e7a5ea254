import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `GET /api/bookings/reconciliation`: every booking with its tickets, for auditors.
struct ReconciliationController: Sendable {
    let store: BookingStore

    private static let limitMax = 1000

    func addRoutes(to router: RouterGroup<ServiceContext>) {
        router.get("reconciliation", use: show)
    }

    /// A page in the order of booking ids; the next one begins `after` the last id of this one.
    @Sendable private func show(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<[BookingReconciliationEntry]> {
        try context.requireAdmin()
        let parameters = request.uri.queryParameters
        let limit = parameters["limit"].map { Int($0) ?? 0 } ?? Self.limitMax
        guard (1...Self.limitMax).contains(limit) else {
            throw Problem.invalid("limit", "must be from 1 to \(Self.limitMax)")
        }
        let found = try await store.bookings(
            ofEvent: parameters["eventId"].map(String.init), after: parameters["after"].map(String.init) ?? "",
            limit: limit)
        return Reply(found.compactMap(\.entry))
    }
}

extension BookingStore.Found {
    /// The booking as auditors compare it with stock and money.
    fileprivate var entry: BookingReconciliationEntry? {
        guard let deal = booking.deal else { return nil }
        return BookingReconciliationEntry(
            bookingId: booking.id, userId: booking.userID, eventId: deal.eventID,
            reservationId: booking.reservationID, status: booking.status, paymentStatus: booking.paymentStatus,
            totalMinorUnits: deal.total.minorUnits, currency: deal.total.currency.code, chargeKey: booking.chargeKey,
            quantity: deal.purchase.lines.count,
            tickets: tickets.map {
                BookingReconciliationEntry.Ticket(
                    ticketId: $0.id, ticketTypeId: $0.ticketTypeID, seatNumber: $0.seatNumber,
                    priceMinorUnits: $0.price.minorUnits, status: $0.status)
            })
    }
}
