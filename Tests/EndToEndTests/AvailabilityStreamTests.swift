import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// `/api/events/{id}/availability/stream` through the gateway.
@Suite(.timeLimit(.minutes(2))) struct AvailabilityStreamTests {
    private func stream(_ sale: Sale, of collection: String = "events") -> String {
        "/api/\(collection)/\(sale.event.id)/availability/stream"
    }

    @Test("a stream begins with everything and goes on with what changes, from hold to release to sale")
    func life() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        try await EventStreamClient.with(stream(sale), of: sale.stack.gateway) { client in
            let first = try await client.snapshot()
            let read: AvailabilityDocument = try await sale.admin.get("/api/events/\(sale.event.id)/availability")
            #expect(first == read)
            #expect(first.totalCapacity == 30 && first.availableCapacity == 30)
            #expect(first.status == .active && first.isActive)

            let hold = try await sale.hold(["A-1-1", "A-1-2"], by: buyer)
            let held = try await client.left(18)
            #expect(held.version > first.version)
            #expect(held.ticketTypes.map(\.name) == ["Seat"], "only what changed is told")
            #expect(held.totalCapacity == 30 && held.availableCapacity == 28)
            #expect(held.ticketTypes[0].reservedQuantity == 2)

            #expect(try await buyer.release(hold.reservationId).status == 204)
            try await client.left(20)

            _ = try await sale.buy(["A-2-1"], by: buyer)
            let sold = try await client.change { $0.ticketTypes.contains { $0.soldQuantity == 1 } }
            #expect(sold.ticketTypes[0].availableCount == 19)
        }
    }

    @Test("who comes back is told what happened meanwhile, or everything where that is not known")
    func resume() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        try await EventStreamClient.with(stream(sale), of: sale.stack.gateway) { other in
            // Keeps the event followed, so that changes between two visits are seen.
            let first = try await other.snapshot()
            _ = try await sale.hold(["A-1-1"], by: buyer)
            let held = try await other.left(19)
            let known = String(first.version)
            try await EventStreamClient.with(stream(sale), of: sale.stack.gateway, after: known) { client in
                let change = try await client.left(19)
                #expect(change.ticketTypes.map(\.name) == ["Seat"] && change.version == held.version)
            }
            let newest = String(held.version)
            try await EventStreamClient.with(stream(sale), of: sale.stack.gateway, after: newest) { client in
                #expect(try await client.next()?.isComment == true, "there is nothing to tell yet")
                _ = try await sale.hold(["A-1-2"], by: buyer)
                try await client.left(18)
            }
            for id in ["99999", "0", "-1", "abc", "99999999999999999999999"] {
                try await EventStreamClient.with(stream(sale), of: sale.stack.gateway, after: id) {
                    (client) async throws in
                    #expect(try await client.snapshot().availableCapacity == 28, "\(id)")
                }
            }
        }
    }

    @Test("changes of the event itself are told: capacity, cancellation, reactivation")
    func organizer() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let path = "/api/events/\(event.id)/availability/stream"
        try await EventStreamClient.with(path, of: organizer.stack.gateway) { client in
            try await client.snapshot()
            #expect(try await organizer.put(event, standing: 9).status == 200)
            let grown = try await client.left(9, of: "Standing")
            #expect(grown.totalCapacity == 19)
            #expect(try await organizer.post("cancel", of: event.id).status == 200)
            try await client.change { $0.status == .cancelled && !$0.isActive }
        }
    }

    @Test("an event that is deleted ends its streams; one that is over says so by itself")
    func ends() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        try await EventStreamClient.with(
            "/api/events/\(event.id)/availability/stream", of: organizer.stack.gateway
        ) { client in
            try await client.snapshot()
            #expect(try await organizer.delete(event.id).status == 204)
            while try await client.next() != nil {}
        }
        // On a busy machine an event may be over before its stream has begun, or before it is made at all.
        for lead in [4, 12, 36] where try await saysThatItIsOver(in: .seconds(lead), organizer) { return }
        Issue.record("no event was on sale when its stream began")
    }

    /// Whether a stream that found its event on sale, which is over after `lead`, told of its end.
    private func saysThatItIsOver(in lead: Duration, _ organizer: Organizer) async throws -> Bool {
        let event: EventDocument
        do {
            event = try await organizer.create(in: lead)
        } catch let refusal as APIRefusal where refusal.reply.status == 422 {
            return false
        }
        return try await EventStreamClient.with(
            "/api/events/\(event.id)/availability/stream", of: organizer.stack.gateway
        ) { client in
            guard try await client.snapshot().status == .active else { return false }
            try await client.change { $0.status == .ended && !$0.isActive }
            return true
        }
    }

    @Test("concert sites get the same with tiers")
    func concerts() async throws {
        let sale = try await Sale.open(places: 10)
        try await EventStreamClient.with(stream(sale, of: "concerts"), of: sale.stack.gateway) { client in
            let event = try #require(try await client.nextEvent())
            #expect(event.name == "snapshot")
            #expect(event.data.contains(#""tier":"Seat""#) && event.data.contains(#""tiers":["#))
            let document: AvailabilityDocument = try event.decode()
            #expect(document.availableCapacity == 30)
        }
    }

    @Test("a stream of an event that does not exist is 404, and a draft is its organizer's alone")
    func unknown() async throws {
        let organizer = try await Organizer.signUp()
        let stack = organizer.stack
        for id in [UUIDv7.make(at: SystemClock().now()), "none", "%20"] {
            for collection in ["events", "concerts"] {
                let reply = try await stack.client().send("GET", "/api/\(collection)/\(id)/availability/stream")
                expectProblem(reply, 404, "not-found")
            }
        }
        let draft = try await organizer.client.createEvent(
            CreateEventRequest(
                title: "Secret", eventDate: SystemClock().now() + .seconds(86_400), venue: "Hall",
                ticketTypes: [
                    CreateEventRequest.TicketType(
                        name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: 5)
                ], status: .draft))
        let path = "/api/events/\(draft.id)/availability/stream"
        expectProblem(try await stack.client().send("GET", path), 404, "not-found")
        expectProblem(try await stack.client().signUpGuest().send("GET", path), 404, "not-found")
        try await EventStreamClient.with(path, of: stack.gateway, token: organizer.client.accessToken) {
            (client) async throws in
            #expect(try await client.snapshot().status == .draft)
        }
    }

    @Test("many changes in a short time are few messages, of which the last is the truth")
    func coalescing() async throws {
        let sale = try await Sale.open(rows: 1, places: 500)
        let standing = try sale.type("Standing")
        let buyers = try await sale.admin.mintGuests(40).map { sale.admin.with(accessToken: $0.accessToken) }
        try await EventStreamClient.with(stream(sale), of: sale.stack.gateway) { client in
            let first = try await client.snapshot()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for buyer in buyers {
                    group.addTask {
                        for _ in 0..<5 {
                            let order = ReservationRequest.Item(ticketTypeId: standing, quantity: 1)
                            let reply = try await buyer.reserve(
                                ReservationRequest(eventId: sale.event.id, items: [order]))
                            #expect(reply.status == 201)
                        }
                    }
                }
                try await group.waitForAll()
            }
            var messages = 0
            let last = try await client.change { document in
                messages += 1
                return document.ticketTypes.contains { $0.availableCount == 300 }
            }
            #expect(last.version - first.version == 200)
            #expect(messages < 100, "two hundred changes in \(messages) messages")
        }
    }
}
