import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// What is wrong with a request for places, at every door where places are asked for.
@Suite struct ReservationInputTests {
    /// Every way to ask for a quantity of standing places.
    enum Door: String, CaseIterable {
        case items, best, tickets, checkout, cart

        var route: String {
            switch self {
            case .items, .best: "/api/inventory/reservations"
            case .tickets: "/api/tickets/reserve"
            case .checkout: "/api/holds/checkout"
            case .cart: "/api/cart/items"
            }
        }

        func body(event: String, type: String, tier: String = "Standing", quantity: String = "1") -> String {
            switch self {
            case .items: #"{"eventId":"\#(event)","items":[{"ticketTypeId":"\#(type)","quantity":\#(quantity)}]}"#
            case .best: #"{"eventId":"\#(event)","bestAvailable":{"ticketTypeId":"\#(type)","quantity":\#(quantity)}}"#
            case .tickets:
                #"{"eventId":"\#(event)","ticketTypeId":"\#(type)","quantity":\#(quantity),"#
                    + #""customerName":"Ada","customerEmail":"ada@example.com"}"#
            case .checkout: #"{"concertId":"\#(event)","items":[{"tier":"\#(tier)","quantity":\#(quantity)}]}"#
            case .cart: #"{"ticketTypeId":"\#(type)","quantity":\#(quantity)}"#
            }
        }
    }

    private static func unknownID() -> String { UUIDv7.make(at: SystemClock().now()) }

    @Test(
        "a quantity is a whole number of at least one and not more than an order may have", arguments: Door.allCases,
        ["0", "-1", "101", "1000000", "9223372036854775808", "1e300", "1.5", "\"2\"", "null", "true"])
    func quantities(door: Door, quantity: String) async throws {
        let sale = try await Sale.open(places: 5)
        let body = door.body(event: sale.event.id, type: try sale.type("Standing"), quantity: quantity)
        let reply = try await sale.guest().send("POST", door.route, text: body)
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.isEmpty == false, "\(reply.text)")
        #expect(try await sale.available()["Standing"] == 5)
    }

    @Test("an event that does not exist is not found", arguments: [Door.items, .best, .tickets, .checkout])
    func unknownEvent(door: Door) async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        let body = door.body(event: Self.unknownID(), type: Self.unknownID())
        expectProblem(try await guest.send("POST", door.route, text: body), 404, "not-found")
        let seats = #"{"eventId":"\#(Self.unknownID())","seatNumbers":["A-1-1"]}"#
        expectProblem(try await guest.send("POST", Door.cart.route, text: seats), 404, "not-found")
    }

    @Test("a ticket type that the event does not have is named", arguments: Door.allCases)
    func unknownType(door: Door) async throws {
        let (sale, other) = (try await Sale.open(places: 5), try await Sale.open(places: 5))
        let guest = try await sale.guest()
        // One that is nobody's, and where the event is named, another event's.
        for type in [Self.unknownID()] + (door == .cart ? [] : [try other.type("Standing")]) {
            let body = door.body(event: sale.event.id, type: type, tier: "Throne")
            let reply = try await guest.send("POST", door.route, text: body)
            if door == .cart {
                expectProblem(reply, 404, "not-found")
            } else {
                expectProblem(reply, 422, "invalid-fields")
            }
        }
        #expect(try await sale.available() == ["Seat": 20, "Standing": 5])
    }

    @Test("ids that are none are refused by name", arguments: [Door.items, .tickets, .checkout])
    func malformedIDs(door: Door) async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        for id in ["", "1", "' OR 1=1 --", String(repeating: "x", count: 5000)] {
            let body = door.body(event: id, type: Self.unknownID())
            expectProblem(try await guest.send("POST", door.route, text: body), 422, "invalid-fields")
        }
    }

    @Test("a reservation that does not exist, or is somebody else's, is not there for any request")
    func unknownReservation() async throws {
        let sale = try await Sale.open(places: 5)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let held = try await sale.hold(["A-1-1"], by: ada)
        for id in [held.reservationId, Self.unknownID(), "nonsense", "RES_20260101000000_AAAAAAAA"] {
            let route = "/api/inventory/reservations/\(id)"
            for (method, target) in [
                ("GET", route), ("DELETE", route), ("DELETE", "\(route)/seats/A-1-1"), ("POST", "\(route)/heartbeat"),
                ("GET", "/api/tickets/reservation/\(id)"), ("DELETE", "/api/tickets/reservation/\(id)"),
            ] {
                expectProblem(try await bob.send(method, target), 404, "not-found")
            }
        }
        let seen: ReservationDocument = try await ada.get("/api/inventory/reservations/\(held.reservationId)")
        #expect(seen.status == .active && seen.quantity == 1)
    }

    @Test("somebody else's cart line is not there")
    func foreignCartLine() async throws {
        let sale = try await Sale.open(places: 5)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let body = Door.cart.body(event: sale.event.id, type: try sale.type("Standing"))
        let cart: CartDocument = try await ada.send("POST", Door.cart.route, text: body).value()
        let line = try #require(cart.items.first)
        let route = "/api/cart/items/\(line.id)"
        expectProblem(try await bob.send("PUT", route, text: #"{"quantity":2}"#), 404, "not-found")
        expectProblem(try await bob.send("DELETE", route), 404, "not-found")
        for quantity in ["-1", "101", "1.5", "null"] {
            expectProblem(
                try await ada.send("PUT", route, text: #"{"quantity":\#(quantity)}"#), 422, "invalid-fields")
        }
    }

    @Test("before its sale begins and after it ended nothing is held at any door", arguments: Door.allCases)
    func saleWindow(door: Door) async throws {
        let organizer = try await Organizer.signUp()
        for window in [60...120, -120 ... -60] {
            let event = try await organizer.create(window: window)
            let buyer = try await organizer.stack.client().signUpGuest()
            let body = door.body(event: event.id, type: event.ticketTypes[1].id)
            let reply = try await buyer.send("POST", door.route, text: body)
            expectProblem(reply, 409, "not-on-sale")
            #expect((reply.headers.first("Retry-After") != nil) == (window.lowerBound > 0))
            let seats = door.body(event: event.id, type: event.ticketTypes[0].id, tier: "Seat")
            expectProblem(try await buyer.send("POST", door.route, text: seats), 409, "not-on-sale")
        }
    }

    @Test("of a cancelled event nothing is held at any door", arguments: Door.allCases)
    func cancelled(door: Door) async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        #expect(try await organizer.post("cancel", of: event.id).status == 200)
        let body = door.body(event: event.id, type: event.ticketTypes[1].id)
        let buyer = try await organizer.stack.client().signUpGuest()
        expectProblem(try await buyer.send("POST", door.route, text: body), 409, "not-on-sale")
    }

    @Test("a section that the event does not have is named")
    func unknownSection() async throws {
        let sale = try await Sale.open()
        let body = #"{"eventId":"\#(sale.event.id)","bestAvailable":{"section":"Z","quantity":1}}"#
        let reply = try await sale.guest().send("POST", Door.best.route, text: body)
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.map(\.field) == ["bestAvailable.section"])
    }
}
