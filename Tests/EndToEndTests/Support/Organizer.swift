import Checker
import Contracts
import HTTPKit
import TestSupport

/// A person of one test's own who sells events through the gateway.
struct Organizer {
    let stack: HoldfastStack
    let client: APIClient

    /// A new person on the stack that tests share.
    static func signUp() async throws -> Organizer {
        let stack = try await SharedStack.get()
        return Organizer(stack: stack, client: try stack.person())
    }

    /// An event in 30 days with one row of ten seats `A-1-1`… and five standing places, changed as the test wants it.
    func create(
        _ title: String = "Evening", in delay: Duration = .seconds(30 * 86_400), window: ClosedRange<Int>? = nil
    ) async throws -> EventDocument {
        let now = SystemClock().now()
        let opens = window.map { now + .seconds($0.lowerBound) }
        let closes = window.map { now + .seconds($0.upperBound) }
        return try await client.createEvent(
            CreateEventRequest(
                title: title, eventDate: now + delay, venue: "Harbour Hall",
                ticketTypes: [
                    CreateEventRequest.TicketType(
                        name: "Seat", price: DecimalAmount(minorUnits: 4950, decimals: 2), seating: .reserved,
                        saleStartsAt: opens, saleEndsAt: closes,
                        sections: [SeatSection(name: "A", rows: 1, seatsPerRow: 10)]),
                    CreateEventRequest.TicketType(
                        name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: 5,
                        saleStartsAt: opens, saleEndsAt: closes),
                ]))
    }

    func event(_ id: String) async throws -> EventDocument { try await client.get("/api/events/\(id)") }

    func post(_ command: String, of id: String, key: String? = nil) async throws -> APIReply {
        var headers = HeaderFields()
        if let key { headers.add("Idempotency-Key", key) }
        return try await client.send("POST", "/api/events/\(id)/\(command)", body: nil, headers: headers)
    }

    func delete(_ id: String) async throws -> APIReply { try await client.send("DELETE", "/api/events/\(id)") }

    /// Sends the event back with another title and other standing places, as somebody would who read it before.
    func put(
        _ event: EventDocument, title: String? = nil, standing: Int = 5, version: Int64? = nil, ifMatch: String? = nil
    ) async throws -> APIReply {
        var headers = HeaderFields()
        if let ifMatch { headers.add("If-Match", ifMatch) }
        let versionField = version.map { "\"version\":\($0)," } ?? ""
        return try await client.send(
            "PUT", "/api/events/\(event.id)",
            text: """
                {\(versionField)"title":"\(title ?? event.title)","eventDate":"\(event.eventDate)",\
                "venue":"\(event.venue)","ticketTypes":[\
                {"id":"\(event.ticketTypes[0].id)","name":"Seat","price":49.5,"capacity":10},\
                {"id":"\(event.ticketTypes[1].id)","name":"Standing","price":20,"capacity":\(standing)}]}
                """, headers: headers)
    }

    /// A reply to holding `quantity` standing places as a new guest.
    func reserve(_ event: EventDocument, standing quantity: Int = 1) async throws -> APIReply {
        try await stack.client().signUpGuest().reserve(
            ReservationRequest(
                eventId: event.id,
                items: [ReservationRequest.Item(ticketTypeId: event.ticketTypes[1].id, quantity: quantity)]))
    }

    /// Sells a seat to a new guest, who is returned with the booking.
    func sell(_ seat: String, of event: EventDocument) async throws -> (buyer: APIClient, booking: BookingDocument) {
        let buyer = try await stack.client().signUpGuest()
        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: [seat])
        ).value()
        let key = SecureRandom.hexadecimal(bytes: 16)
        return (buyer, try await buyer.confirm(hold.reservationId, key: key).value())
    }
}
