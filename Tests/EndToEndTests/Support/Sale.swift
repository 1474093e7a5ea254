import Checker
import Contracts
import TestSupport
import Testing

/// An event of one test's own on a running stack, so that tests beside each other do not meet.
struct Sale {
    let stack: HoldfastStack
    let admin: APIClient
    let event: EventDocument

    /// An event with `rows` rows of ten seats `A-1-1`… at 49.50, and `places` of general admission at 20 when asked.
    static func open(
        on stack: HoldfastStack, rows: Int = 2, places: Int? = nil, title: String = "Test night",
        reserveOn: ReservePolicy? = nil
    ) async throws -> Sale {
        let admin = try await stack.admin()
        var types = [
            CreateEventRequest.TicketType(
                name: "Seat", price: DecimalAmount(minorUnits: 4950, decimals: 2), seating: .reserved,
                sections: [SeatSection(name: "A", rows: rows, seatsPerRow: 10)])
        ]
        if let places {
            types.append(
                CreateEventRequest.TicketType(
                    name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: places,
                    seating: .general))
        }
        let event = try await admin.createEvent(
            CreateEventRequest(
                title: title, eventDate: SystemClock().now() + .seconds(30 * 86_400), venue: "Harbour Hall",
                ticketTypes: types, city: "Lisbon", category: "concert", reserveOn: reserveOn))
        return Sale(stack: stack, admin: admin, event: event)
    }

    /// The same on the stack that tests share.
    static func open(
        rows: Int = 2, places: Int? = nil, title: String = "Test night", reserveOn: ReservePolicy? = nil
    ) async throws -> Sale {
        try await open(on: SharedStack.get(), rows: rows, places: places, title: title, reserveOn: reserveOn)
    }

    /// A new guest.
    func guest() async throws -> APIClient { try await stack.client().signUpGuest() }

    /// Holds seats for `buyer`, which must succeed.
    func hold(_ seats: [String], by buyer: APIClient) async throws -> ReservationDocument {
        try await buyer.reserve(ReservationRequest(eventId: event.id, seatNumbers: seats)).value()
    }

    /// Buys seats for `buyer`, which must succeed.
    func buy(_ seats: [String], by buyer: APIClient) async throws -> BookingDocument {
        let reservation = try await hold(seats, by: buyer)
        return try await buyer.confirm(reservation.reservationId, key: Sale.key()).value()
    }

    /// The id of the ticket type called `name`.
    func type(_ name: String) throws -> String {
        try #require(event.ticketTypes.first { $0.name == name }).id
    }

    /// How many places are left, by the names of ticket types.
    func available() async throws -> [String: Int] {
        let availability: AvailabilityDocument = try await admin.get("/api/events/\(event.id)/availability")
        return Dictionary(uniqueKeysWithValues: availability.ticketTypes.map { ($0.name, $0.availableCount) })
    }

    /// An idempotency key of its own.
    static func key() -> String { SecureRandom.hexadecimal(bytes: 16) }

    /// Compares what all services say of the event, with nobody at work any more.
    func audit(_ acknowledged: [AcknowledgedBooking] = [], within limit: Duration = .seconds(30)) async throws
        -> AuditReport
    {
        let auditor = try await stack.admin()
        return try await AuditReader(admin: auditor).audit(
            eventID: event.id, acknowledged: acknowledged, within: limit)
    }
}
