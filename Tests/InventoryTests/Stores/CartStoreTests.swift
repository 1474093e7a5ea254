import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct CartStoreTests {
    @Test("adding gathers lines, one a ticket type, and holds nothing before checkout")
    func gather() async throws {
        let cart = try await CartScene()
        try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 2))
        cart.fixture.clock.advance(by: .seconds(3))
        try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 1))
        let view = try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-1", "A-1-2"]))
        #expect(view.cart.lines.map(\.quantity) == [3, 2])
        #expect(view.cart.total.minorUnits == 3 * 2000 + 2 * 5000)
        #expect(view.reservedLines.isEmpty && view.status == .active)
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 0)
    }

    @Test("the same addition without a key within two seconds counts once, with keys it counts by key")
    func doubleClick() async throws {
        let cart = try await CartScene()
        let order = CartOrder.places(ticketTypeID: cart.fixture.standingID, quantity: 1)
        for _ in 1...3 { #expect(try await cart.add(order).cart.lines.map(\.quantity) == [1]) }
        #expect(try await cart.add(order, key: "a").cart.lines.map(\.quantity) == [2])
        #expect(try await cart.add(order, key: "b").cart.lines.map(\.quantity) == [3])
        cart.fixture.clock.advance(by: .seconds(2))
        #expect(try await cart.add(order).cart.lines.map(\.quantity) == [4])
    }

    @Test("many additions at once leave one cart with all of them")
    func atOnce() async throws {
        let cart = try await CartScene()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...5 {
                group.addTask {
                    try await cart.add(
                        .places(ticketTypeID: cart.fixture.standingID, quantity: 1), key: "k\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try await cart.find().cart.lines.map(\.quantity) == [5])
    }

    @Test("checkout holds everything, one reservation for the event, and again brings the same")
    func checkOut() async throws {
        let cart = try await CartScene()
        try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 2))
        try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-3"]))
        let first = try await cart.checkOut()
        #expect(first.count == 1 && first.first?.quantity == 3)
        #expect(try await cart.checkOut() == first)
        #expect(try await cart.find().status == .checkedOut)
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 2)
        #expect(try await cart.fixture.stock(of: cart.fixture.stallsID)?.reserved == 1)
        #expect(try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-4"])).cart.lines.count == 1)
    }

    @Test("a checkout that cannot have everything holds nothing, and the cart stays as it is")
    func allOrNone() async throws {
        let cart = try await CartScene()
        try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 2))
        try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-3"]))
        try await cart.fixture.reserve(.seats(["A-1-3"]), by: "bob")
        await #expect(throws: ReservationRefusal.seatsUnavailable(["A-1-3"])) { try await cart.checkOut() }
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 0)
        #expect(try await cart.find().status == .active)
    }

    @Test("where carts reserve, a line is held at once and follows its quantity")
    func reserving() async throws {
        let cart = try await CartScene(reserveOn: .cart)
        let view = try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 2))
        let line = try #require(view.cart.lines.first)
        #expect(view.reservedLines == [line.id])
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 2)
        let more = try await cart.set(4, line.id)
        #expect(more.reservedLines == [line.id])
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 4)
        await #expect(throws: ReservationRefusal.soldOut([cart.fixture.standingID])) { try await cart.set(6, line.id) }
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 4)
        #expect(try await cart.checkOut().map(\.quantity) == [4])
    }

    @Test("removing a line and clearing the cart free what they held")
    func removing() async throws {
        let cart = try await CartScene(reserveOn: .cart)
        try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 2))
        let view = try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-1"]))
        #expect(try await cart.set(0, try #require(view.cart.lines.first).id).cart.lines.count == 1)
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 0)
        try await cart.store.clear(of: "ada", at: cart.fixture.clock.now())
        #expect(try await cart.fixture.stock(of: cart.fixture.stallsID)?.reserved == 0)
        #expect(try await cart.find().cart.lines.isEmpty)
    }

    @Test("a cart ends fifteen minutes after its last change, its holds with it, and the next addition begins another")
    func expiry() async throws {
        let cart = try await CartScene(reserveOn: .cart)
        let old = try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 5))
        cart.fixture.clock.advance(by: .seconds(900))
        #expect(try await cart.find().status == .expired)
        await #expect(throws: CartRefusal.expired) { try await cart.checkOut() }
        let new = try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 5))
        #expect(new.cart.id != old.cart.id && new.status == .active)
        #expect(try await cart.fixture.stock(of: cart.fixture.standingID)?.reserved == 5)
    }

    @Test("lines of chosen seats shrink by number and grow by choosing")
    func chosenSeats() async throws {
        let cart = try await CartScene()
        let view = try await cart.add(.seats(eventID: cart.fixture.eventID, ["A-1-1", "A-1-2"]))
        let line = try #require(view.cart.lines.first)
        await #expect(throws: CartRefusal.seatsAreChosen) { try await cart.set(3, line.id) }
        await #expect(throws: CartRefusal.seatsAreChosen) {
            try await cart.add(.places(ticketTypeID: cart.fixture.stallsID, quantity: 1))
        }
        #expect(try await cart.set(1, line.id).cart.lines.first?.seatNumbers == ["A-1-1"])
    }

    @Test("what does not exist, is too much or is not there to check out is refused")
    func refusals() async throws {
        let cart = try await CartScene()
        let unknown = UUIDv7.make(at: cart.fixture.clock.now())
        await #expect(throws: CartRefusal.ticketTypeUnknown(unknown)) {
            try await cart.add(.places(ticketTypeID: unknown, quantity: 1))
        }
        await #expect(throws: CartRefusal.itemUnknown) { try await cart.set(1, unknown) }
        await #expect(throws: ReservationRefusal.orderTooLarge(max: 10)) {
            try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 11))
        }
        await #expect(throws: CartRefusal.empty) { try await cart.checkOut() }
    }
}

/// Ada's cart on a fixture.
struct CartScene: Sendable {
    let fixture: InventoryFixture
    let store: CartStore

    init(reserveOn: ReservePolicy = .checkout) async throws {
        fixture = try await InventoryFixture()
        if reserveOn != .checkout { try await fixture.putRules(version: 2, reserveOn: reserveOn) }
        store = CartStore(
            database: fixture.database, limits: HoldLimits(timing: fixture.timing, placesPerUserMax: 100))
    }

    func find() async throws -> CartView { try await store.find(of: "ada", at: fixture.clock.now()) }

    @discardableResult
    func add(_ order: CartOrder, key: String? = nil) async throws -> CartView {
        let idempotency = try key.map {
            IdempotentOrder(userID: "ada", key: try #require(IdempotencyKey($0)), fingerprint: order.fingerprint)
        }
        let keyed = KeyedTransaction<CartView>(order: idempotency, now: fixture.clock.now()) {
            try StoredReply(status: 201, json: $0.document)
        }
        return try Self.value(await store.add(order, by: "ada", keyed))
    }

    func set(_ quantity: Int, _ lineID: String) async throws -> CartView {
        try await store.setQuantity(quantity, ofLine: lineID, by: "ada", at: fixture.clock.now())
    }

    @discardableResult
    func checkOut() async throws -> [Reservation] {
        let keyed = KeyedTransaction<[Reservation]>(order: nil, now: fixture.clock.now()) { _ in
            throw InventoryFixture.UnexpectedOutcome()
        }
        return try Self.value(await store.checkOut(by: "ada", keyed))
    }

    private static func value<Value>(_ outcome: KeyedOutcome<Value>) throws -> Value {
        guard case .executed(let value, _) = outcome else { throw InventoryFixture.UnexpectedOutcome() }
        return value
    }
}
