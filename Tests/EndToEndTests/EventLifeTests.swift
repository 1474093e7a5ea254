import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// What organizers do with their events, and what buyers may still do then.
@Suite struct EventLifeTests {
    @Test("an event that nobody bought is deleted without a trace")
    func hardDelete() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        #expect(try await organizer.delete(event.id).status == 204)
        expectProblem(try await organizer.client.send("GET", "/api/events/\(event.id)"), 404, "not-found")
        expectProblem(
            try await organizer.client.send("GET", "/api/inventory/events/\(event.id)/seats"), 404, "not-found")
        expectProblem(try await organizer.reserve(event), 404, "not-found")
        expectProblem(try await organizer.delete(event.id), 404, "not-found")
    }

    @Test("an event with sold tickets is deleted softly: no sale, off the list, tickets readable")
    func softDelete() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        #expect(try await organizer.delete(event.id).status == 204)
        let read = try await organizer.event(event.id)
        #expect(!read.isActive && read.ticketTypes[0].soldQuantity == 1)
        expectProblem(try await organizer.reserve(event), 409, "not-on-sale")
        let listed: [EventDocument] = try await organizer.client.get("/api/events?ownerId=\(event.ownerId)")
        #expect(listed.isEmpty)
        #expect(try await buyer.booking(booking.bookingId) == booking)
    }

    @Test("a live hold keeps an event from going; when it is released the event goes")
    func deleteWhileHeld() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let buyer = try await organizer.stack.client().signUpGuest()
        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: ["A-1-3"])
        ).value()
        #expect(try await organizer.delete(event.id).status == 204)
        #expect(try await !organizer.event(event.id).isActive)
        #expect(try await buyer.release(hold.reservationId).status == 204)
        #expect(try await organizer.delete(event.id).status == 204)
        expectProblem(try await organizer.client.send("GET", "/api/events/\(event.id)"), 404, "not-found")
    }

    @Test(
        "tickets are sold inside their window only",
        arguments: [(60...120, false), (-120 ... -60, false), (-60...60, true)])
    func saleWindow(window: ClosedRange<Int>, isOpen: Bool) async throws {
        let organizer = try await Organizer.signUp()
        let reply = try await organizer.reserve(organizer.create(window: window))
        guard !isOpen else {
            #expect(reply.status == 201, "\(reply.text)")
            return
        }
        expectProblem(reply, 409, "not-on-sale")
        #expect((reply.headers.first("Retry-After") != nil) == (window.lowerBound > 0), "only an opening is waited for")
    }

    @Test("a cancelled event refuses reservations and payments at once, and sells again when it is back")
    func cancel() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let buyer = try await organizer.stack.client().signUpGuest()
        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1"])
        ).value()
        let cancelled: EventDocument = try await organizer.post("cancel", of: event.id).value()
        #expect(cancelled.status == .cancelled && !cancelled.isActive)
        expectProblem(try await organizer.reserve(event), 409, "not-on-sale")
        let paid = try await buyer.confirm(hold.reservationId, key: Sale.key())
        #expect(paid.status >= 400 || (try? paid.decode(BookingDocument.self).status) != .confirmed, "\(paid.text)")
        let back: EventDocument = try await organizer.post("reactivate", of: event.id).value()
        #expect(back.isActive && back.version == 3)
        #expect(try await organizer.reserve(event).status == 201)
    }

    @Test("an event ends by time, is announced as ended, and sells nothing any more")
    func ended() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create(in: .seconds(8))
        try await eventually(within: .seconds(60), "the end is noted") {
            let read = try await organizer.event(event.id)
            return read.status == .ended && read.version == 2 && !read.isActive
        }
        expectProblem(try await organizer.reserve(event), 409, "not-on-sale")
        expectProblem(try await organizer.post("publish", of: event.id), 409, "event-not-publishable")
        expectProblem(try await organizer.put(event), 409, "event-not-changeable")
    }

    @Test("a draft is its organizer's own until it is published")
    func draft() async throws {
        let organizer = try await Organizer.signUp()
        let template = CreateEventRequest(
            title: "Draft", eventDate: SystemClock().now() + .seconds(86_400), venue: "Hall",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Standing", price: DecimalAmount(minorUnits: 0, decimals: 2), capacity: 5)
            ], status: .draft)
        let event = try await organizer.client.createEvent(template)
        let stranger = try await Organizer.signUp()
        expectProblem(try await stranger.client.send("GET", "/api/events/\(event.id)"), 404, "not-found")
        expectProblem(try await stranger.post("publish", of: event.id), 404, "not-found")
        let published: EventDocument = try await organizer.post("publish", of: event.id).value()
        #expect(published.isActive)
        #expect(try await stranger.event(event.id) == published)
    }

    @Test("concerts are the same events under other names")
    func concerts() async throws {
        struct Concert: Decodable {
            struct Tier: Decodable {
                let tier: String
                let availableCount: Int
            }
            let id: String
            let name: String
            let title: String
            let date: Timestamp
            let tiers: [Tier]
            let ticketTypes: [TicketTypeDocument]
        }
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create("Concert")
        let anyone = organizer.stack.client()
        let concert: Concert = try await anyone.get("/api/concerts/\(event.id)")
        #expect(concert.name == "Concert" && concert.title == "Concert" && concert.date == event.eventDate)
        #expect(concert.tiers.map(\.tier) == ["Seat", "Standing"] && concert.tiers.map(\.availableCount) == [10, 5])
        #expect(concert.ticketTypes == event.ticketTypes)
        let reply = try await anyone.send("GET", "/api/concerts?ownerId=\(event.ownerId)")
        #expect(reply.headers.first("X-Total-Count") == "1")
        #expect(try reply.decode([Concert].self).map(\.id) == [event.id])
    }
}
