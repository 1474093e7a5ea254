import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Sales through the older doors, written from the documentation alone: bodies as text, replies by the names that it
/// gives, nothing of the program's own types.
@Suite struct SeedDoorTests {
    // MARK: - /api/tickets

    private struct TicketReply: Decodable {
        struct Ticket: Decodable { let ticketNumber: String }
        let success: Bool
        let message: String
        let reservationId: String
        let tickets: [Ticket]
        let expiresAt: String
        let totalPrice: Double
        let timeRemaining: String
    }

    private struct TicketDocument: Decodable {
        let reservationId, eventId, ticketTypeId, customerName, customerEmail, reservedAt, expiresAt: String
        let quantity: Int
        let customerPhone, notes: String?
        let pricePerTicket, totalPrice: Double
        let ticketNumbers: [String]
        let isExpired: Bool
        let timeRemaining: String
    }

    private struct Done: Decodable {
        let success: Bool
        let message: String
    }

    private static func ticketOrder(_ sale: Sale, quantity: Int) throws -> String {
        """
        {"eventId":"\(sale.event.id)","ticketTypeId":"\(try sale.type("Standing"))","quantity":\(quantity),
        "customerName":"Ada Lovelace","customerEmail":"ada@example.com","customerPhone":"+351 210 000 000",
        "notes":"by the aisle"}
        """
    }

    @Test("tickets: reserve, read, cancel, and cancel again")
    func tickets() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let made = try await buyer.send(
            "POST", "/api/tickets/reserve", text: try Self.ticketOrder(sale, quantity: 2))
        #expect(made.status == 201, "\(made.text)")
        let reply: TicketReply = try made.decode()
        #expect(reply.success && reply.message == "Successfully reserved 2 ticket(s)" && reply.tickets.count == 2)
        #expect(reply.totalPrice == 40)
        #expect(reply.timeRemaining.hasPrefix("00:14:") || reply.timeRemaining == "00:15:00", "\(reply.timeRemaining)")
        let seen = try await buyer.send("GET", "/api/tickets/reservation/\(reply.reservationId)")
        let document: TicketDocument = try seen.decode()
        #expect(seen.status == 200 && document.reservationId == reply.reservationId)
        #expect(document.quantity == 2 && document.pricePerTicket == 20 && document.totalPrice == 40)
        #expect(document.customerName == "Ada Lovelace" && document.notes == "by the aisle" && !document.isExpired)
        #expect(document.ticketNumbers == reply.tickets.map(\.ticketNumber))
        for _ in 1...2 {
            let cancelled = try await buyer.send("DELETE", "/api/tickets/reservation/\(reply.reservationId)")
            #expect(cancelled.status == 200)
            #expect(try cancelled.decode(Done.self).success)
        }
        #expect(try await sale.available()["Standing"] == 10)
    }

    // MARK: - /api/holds

    private struct Checkout: Decodable {
        struct Hold: Decodable {
            let id, tier, expiresAt: String
            let quantity: Int
        }
        let success: Bool
        let reservationId, expiresAt, hardExpiresAt: String
        let holds: [Hold]
        let heartbeatSeconds: Int
    }

    private struct Beat: Decodable { let expiresAt, hardExpiresAt: String }

    private struct Booking: Decodable {
        struct Ticket: Decodable { let ticketId, status: String }
        let bookingId, bookingReference, eventId, reservationId, status, paymentStatus: String
        let totalAmount: Double
        let tickets: [Ticket]
    }

    private static func checkout(_ sale: Sale, _ items: String) -> String {
        #"{"concertId":"\#(sale.event.id)","items":[\#(items)]}"#
    }

    @Test("a concert's checkout: hold, heartbeat, hold something else, pay by the concert, read the booking")
    func checkout() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let first = try await buyer.send(
            "POST", "/api/holds/checkout", text: Self.checkout(sale, #"{"tier":"Standing","quantity":3}"#))
        #expect(first.status == 201, "\(first.text)")
        let held: Checkout = try first.decode()
        #expect(held.success && held.heartbeatSeconds == 30 && held.holds.map(\.tier) == ["Standing"])
        let beat = try await buyer.send(
            "POST", "/api/holds/heartbeat", text: #"{"concertId":"\#(sale.event.id)","hidden":true}"#)
        #expect(beat.status == 200)
        #expect(try beat.decode(Beat.self).hardExpiresAt == held.hardExpiresAt)
        let second = try await buyer.send(
            "POST", "/api/holds/checkout",
            text: Self.checkout(sale, #"{"tier":"Standing","quantity":1},{"tier":"Seat","quantity":2}"#))
        #expect(second.status == 200, "\(second.text)")
        #expect(try second.decode(Checkout.self).reservationId == held.reservationId)
        let paid = try await buyer.send(
            "POST", "/api/bookings", text: #"{"concertId":"\#(sale.event.id)","payment":{"method":"tok_visa"}}"#,
            headers: ["Idempotency-Key": Sale.key()])
        #expect(paid.status == 201, "\(paid.text)")
        let booking: Booking = try paid.decode()
        #expect(booking.status == "Confirmed" && booking.paymentStatus == "Success" && booking.tickets.count == 3)
        #expect(booking.reservationId == held.reservationId && booking.totalAmount == 20 + 2 * 49.5)
        #expect(try await sale.available() == ["Standing": 9, "Seat": 18])
        let mine: [Booking] = try await buyer.send("GET", "/api/bookings").decode()
        #expect(mine.map(\.bookingId) == [booking.bookingId])
        let one: Booking = try await buyer.send("GET", "/api/bookings/\(booking.bookingId)").decode()
        #expect(one.bookingReference == booking.bookingReference)
        #expect(try await sale.audit().isClean)
    }

    @Test("a concert's checkout that is released is free at once and cannot be paid or kept alive")
    func checkoutReleased() async throws {
        let sale = try await Sale.open(places: 2)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let wish = Self.checkout(sale, #"{"tier":"Standing","quantity":2}"#)
        #expect(try await ada.send("POST", "/api/holds/checkout", text: wish).status == 201)
        let refused = try await bob.send("POST", "/api/holds/checkout", text: wish)
        expectProblem(refused, 409, "sold-out")
        #expect(try refused.decode(Done.self).success == false)
        #expect(try await ada.send("DELETE", "/api/holds/\(sale.event.id)").status == 204)
        #expect(try await bob.send("POST", "/api/holds/checkout", text: wish).status == 201)
        let payment =
            #"{"concertId":"\#(sale.event.id)","payment":{"method":"tok_visa"},"idempotencyKey":"\#(Sale.key())"}"#
        expectProblem(try await ada.send("POST", "/api/bookings", text: payment), 410, "reservation-expired")
        let beat = #"{"concertId":"\#(sale.event.id)"}"#
        expectProblem(try await ada.send("POST", "/api/holds/heartbeat", text: beat), 410, "reservation-expired")
        #expect(try await bob.send("POST", "/api/bookings", text: payment).status == 201)
    }

    // MARK: - /api/cart

    private struct Cart: Decodable {
        struct Item: Decodable {
            let id, eventId, ticketTypeId: String
            let quantity: Int
            let seatNumbers: [String]?
            let unitPrice, lineTotal: Double
            let reserved: Bool
        }
        let id, status, currency, expiresAt: String
        let items: [Item]
        let totalAmount: Double
        let version: Int
    }

    private struct CartCheckout: Decodable {
        struct Reservation: Decodable {
            let reservationId, eventId, status: String
            let quantity: Int
        }
        let reservations: [Reservation]
        let totalAmount: Double
    }

    @Test(
        "a cart under either policy: double click, change, remove, check out twice, pay",
        arguments: ReservePolicy.allCases)
    func cart(policy: ReservePolicy) async throws {
        let sale = try await Sale.open(places: 10, reserveOn: policy)
        let buyer = try await sale.guest()
        let holdsAtOnce = policy == .cart
        func standingLeft() async throws -> Int? { try await sale.available()["Standing"] }
        let item = #"{"ticketTypeId":"\#(try sale.type("Standing"))","quantity":2}"#
        // A finger that is too quick: both clicks are under way at once.
        async let click = buyer.send("POST", "/api/cart/items", text: item)
        async let another = buyer.send("POST", "/api/cart/items", text: item)
        let carts = try await [click, another].map { reply in
            #expect(reply.status == 201, "\(reply.text)")
            return try reply.decode(Cart.self)
        }
        #expect(carts[0].items.map(\.id) == carts[1].items.map(\.id))
        let line = try #require(carts[0].items.first)
        #expect(line.quantity == 2 && line.lineTotal == 40 && line.reserved == holdsAtOnce)
        #expect(try await standingLeft() == (holdsAtOnce ? 8 : 10))
        let key = Sale.key()
        for _ in 1...2 {
            let again = try await buyer.send(
                "POST", "/api/cart/items", text: item, headers: ["Idempotency-Key": key])
            #expect(try again.decode(Cart.self).items.map(\.quantity) == [4])
        }
        let seats = #"{"eventId":"\#(sale.event.id)","seatNumbers":["A-1-1","A-1-2"]}"#
        let seated: Cart = try await buyer.send("POST", "/api/cart/items", text: seats).decode()
        #expect(seated.totalAmount == 80 + 2 * 49.5 && seated.items.count == 2)
        let fewer = try await buyer.send("PUT", "/api/cart/items/\(line.id)", text: #"{"quantity":1}"#)
        #expect(fewer.status == 200, "\(fewer.text)")
        #expect(try await standingLeft() == (holdsAtOnce ? 9 : 10))
        let stranger: Cart = try await sale.guest().send("GET", "/api/cart").decode()
        #expect(stranger.items.isEmpty)
        let checkouts = try await [
            buyer.send("POST", "/api/cart/checkout"), buyer.send("POST", "/api/cart/checkout"),
        ].map { reply in
            #expect(reply.status == 201, "\(reply.text)")
            return try reply.decode(CartCheckout.self)
        }
        #expect(Set(checkouts.map { $0.reservations.map(\.reservationId) }).count == 1)
        #expect(checkouts[0].totalAmount == 20 + 2 * 49.5)
        #expect(try await sale.available() == ["Standing": 9, "Seat": 18])
        for reservation in checkouts[0].reservations {
            #expect(try await buyer.confirm(reservation.reservationId, key: Sale.key()).status == 201)
        }
        #expect(try await sale.audit().isClean)
    }

    @Test("a cart that is cleared holds nothing, and one that cannot be held whole holds nothing of it")
    func cartRefused() async throws {
        let sale = try await Sale.open(places: 3)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let item = #"{"ticketTypeId":"\#(try sale.type("Standing"))","quantity":2}"#
        let seat = #"{"eventId":"\#(sale.event.id)","seatNumbers":["A-1-1"]}"#
        for buyer in [ada, bob] {
            for line in [item, seat] {
                #expect(try await buyer.send("POST", "/api/cart/items", text: line).status == 201)
            }
        }
        #expect(try await ada.send("POST", "/api/cart/checkout").status == 201)
        let refused = try await bob.send("POST", "/api/cart/checkout")
        #expect(refused.status == 409 && ["sold-out", "seat-unavailable"].contains(refused.code), "\(refused.text)")
        #expect(try await sale.available() == ["Standing": 1, "Seat": 19])
        #expect(try await bob.send("DELETE", "/api/cart").status == 204)
        let empty: Cart = try await bob.send("GET", "/api/cart").decode()
        #expect(empty.items.isEmpty && empty.status == "Active" && empty.totalAmount == 0)
    }
}
