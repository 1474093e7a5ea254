import Checker
import Contracts
import TestSupport
import Testing

/// `/api/cart`: gathering before checkout, with both ways of reserving.
@Suite struct CartTests {
    @Test("a cart is gathered, checked out once and paid")
    func purchase() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let standing = try sale.type("Standing")
        let added = try await buyer.add(CartItemRequest(ticketTypeId: standing, quantity: 2))
        #expect(added.status == 201, "\(added.text)")
        let seated: CartDocument = try await buyer.add(
            CartItemRequest(eventId: sale.event.id, seatNumbers: ["A-1-1"])
        ).value()
        #expect(seated.items.map(\.quantity) == [2, 1] && seated.items.allSatisfy { !$0.reserved })
        #expect(seated.totalAmount == DecimalAmount(minorUnits: 2 * 2000 + 4950, decimals: 2))
        #expect(try await sale.available() == ["Seat": 20, "Standing": 10])

        let first = try await buyer.send("POST", "/api/cart/checkout")
        #expect(first.status == 201, "\(first.text)")
        let held: CartCheckoutReply = try first.value()
        #expect(held.reservations.map(\.quantity) == [3] && held.totalAmount == seated.totalAmount)
        let again: CartCheckoutReply = try await buyer.send("POST", "/api/cart/checkout").value()
        #expect(again.reservations.map(\.reservationId) == held.reservations.map(\.reservationId))
        #expect(try await sale.available() == ["Seat": 19, "Standing": 8])
        #expect(try await buyer.get("/api/cart", as: CartDocument.self).status == .checkedOut)

        let reservation = try #require(held.reservations.first)
        let booking: BookingDocument = try await buyer.confirm(reservation.reservationId, key: Sale.key()).value()
        #expect(booking.status == .confirmed && booking.tickets.count == 3)
        #expect(try await sale.audit().isClean)
    }

    @Test("two checkouts of one cart in the same moment hold its places once")
    func doubleCheckout() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        _ = try await buyer.add(CartItemRequest(ticketTypeId: try sale.type("Standing"), quantity: 2))
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 1...2 {
                group.addTask {
                    let reply: CartCheckoutReply = try await buyer.send("POST", "/api/cart/checkout").value()
                    return reply.reservations.map(\.reservationId)
                }
            }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try await sale.available()["Standing"] == 8)
    }

    @Test("a double click adds once, with a key and without")
    func doubleClick() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let item = CartItemRequest(ticketTypeId: try sale.type("Standing"), quantity: 1)
        let key = Sale.key()
        for _ in 1...2 {
            let cart: CartDocument = try await buyer.add(item, key: key).value()
            #expect(cart.items.map(\.quantity) == [1])
        }
    }

    @Test("where carts reserve, adding holds and removing frees")
    func reserving() async throws {
        let sale = try await Sale.open(places: 5, reserveOn: .cart)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let item = CartItemRequest(ticketTypeId: try sale.type("Standing"), quantity: 4)
        let cart: CartDocument = try await ada.add(item).value()
        #expect(cart.items.allSatisfy { $0.reserved })
        #expect(try await sale.available()["Standing"] == 1)
        expectProblem(try await bob.add(item), 409, "sold-out")
        let line = try #require(cart.items.first)
        let fewer: CartDocument = try await ada.send(
            "PUT", "/api/cart/items/\(line.id)", json: CartQuantityRequest(quantity: 1)
        ).value()
        #expect(fewer.items.map(\.quantity) == [1])
        #expect(try await sale.available()["Standing"] == 4)
        #expect(try await ada.send("DELETE", "/api/cart/items/\(line.id)").status == 204)
        #expect(try await sale.available()["Standing"] == 5)
        #expect(try await ada.send("DELETE", "/api/cart").status == 204)
    }

    @Test("bad requests are told what is wrong")
    func badInput() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        let standing = try sale.type("Standing")
        for quantity in [0, -1, 1_000_000] {
            expectProblem(
                try await buyer.add(CartItemRequest(ticketTypeId: standing, quantity: quantity)), 422,
                "invalid-fields")
        }
        let unknown = UUIDv7.make(at: SystemClock().now())
        expectProblem(
            try await buyer.add(CartItemRequest(ticketTypeId: unknown, quantity: 1)), 404, "not-found")
        expectProblem(
            try await buyer.add(CartItemRequest(eventId: sale.event.id, seatNumbers: ["Z-9-9"])), 422,
            "invalid-fields")
        expectProblem(try await buyer.send("POST", "/api/cart/checkout"), 409, "cart-empty")
        expectProblem(
            try await buyer.send("PUT", "/api/cart/items/\(unknown)", json: CartQuantityRequest(quantity: 1)), 404,
            "not-found")
        expectProblem(try await buyer.with(accessToken: nil).send("GET", "/api/cart"), 401, "unauthorized")
    }
}

extension APIClient {
    fileprivate func add(_ item: CartItemRequest, key: String? = nil) async throws -> APIReply {
        try await send("POST", "/api/cart/items", json: item, key: key)
    }
}
