import Contracts
import DatabaseKit
import TestSupport
import Testing

@testable import inventory

/// Overselling by statements that no line of the service would write: the schema refuses each.
@Suite(.onBothDatabases) struct OversellTests {
    private func expectRefusal(
        _ fixture: InventoryFixture, _ sql: String, _ parameters: any SQLValueConvertible & Sendable...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await fixture.database.write { session in try session.execute(sql, parameters) }
            Issue.record("the database allowed it", sourceLocation: sourceLocation)
        } catch {
            let constraint = (error as? DatabaseError)?.constraint
            #expect(constraint != nil, "\(error)", sourceLocation: sourceLocation)
        }
    }

    @Test("a seat cannot be there twice: not under its number, not in its place")
    func duplicateSeat() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.reserve(.seats(["A-1-1"]))
        let insert = """
            INSERT INTO seats (event_id, ordinal, seat_number, section, row_number, ticket_type_id, status, \
            reservation_id) VALUES ($1, $2, $3, 'A', 1, $4, 'Reserved', $5)
            """
        await expectRefusal(fixture, insert, fixture.eventID, 0, "A-9-9", fixture.stallsID, held.id)
        await expectRefusal(fixture, insert, fixture.eventID, 999, "A-1-1", fixture.stallsID, held.id)
    }

    @Test("a seat that somebody has is free for nobody, and one that is free is nobody's")
    func holders() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-1"]))
        await expectRefusal(fixture, "UPDATE seats SET status = 'Available' WHERE seat_number = 'A-1-1'")
        await expectRefusal(fixture, "UPDATE seats SET status = 'Blocked' WHERE seat_number = 'A-1-1'")
        await expectRefusal(fixture, "UPDATE seats SET reservation_id = NULL WHERE seat_number = 'A-1-1'")
        await expectRefusal(fixture, "UPDATE seats SET status = 'Sold' WHERE seat_number = 'A-1-2'")
        await expectRefusal(fixture, "UPDATE seats SET status = 'Given away' WHERE seat_number = 'A-1-1'")
    }

    @Test("counters stay within the total and above nothing, by whatever step")
    func counters() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        _ = try await fixture.reservations.pin(held.id, for: "b1", by: "ada", at: fixture.clock.now())
        try await fixture.reservations.commit(held.id, for: "b1")
        for assignment in [
            "reserved = reserved + 3", "sold = sold + 3", "sold = sold - 4", "reserved = reserved - 1",
            "total = sold - 1", "total = -1", "reserved = 9223372036854775000", "reserved = NULL", "total = NULL",
        ] {
            await expectRefusal(
                fixture, "UPDATE ticket_types SET \(assignment) WHERE ticket_type_id = $1", fixture.standingID)
        }
        #expect(try await fixture.stock(of: fixture.standingID) == TicketTypeStock(total: 5, reserved: 0, sold: 3))
    }

    @Test("nobody leaves Active twice: what a reservation was does not come back")
    func finalStates() async throws {
        let fixture = try await InventoryFixture()
        let released = try await fixture.reserve(.seats(["A-1-1"]))
        try await fixture.reservations.release(released.id, by: "ada", at: fixture.clock.now())
        let sold = try await fixture.reserve(.seats(["A-1-2"]))
        _ = try await fixture.reservations.pin(sold.id, for: "b1", by: "ada", at: fixture.clock.now())
        try await fixture.reservations.commit(sold.id, for: "b1")
        let expired = try await fixture.reserve(.seats(["A-1-3"]))
        fixture.clock.advance(by: .seconds(600))
        #expect(try await fixture.reservations.expire(expired.id, at: fixture.clock.now()))
        let set = "UPDATE reservations SET status = $2, booking_id = NULL WHERE reservation_id = $1"
        for reservation in [released, sold, expired] { await expectRefusal(fixture, set, reservation.id, "Active") }
        await expectRefusal(fixture, set, released.id, "Expired")
        await expectRefusal(fixture, set, sold.id, "Expired")
        let sell = "UPDATE reservations SET status = 'Confirmed', booking_id = 'b2' WHERE reservation_id = $1"
        await expectRefusal(fixture, sell, released.id)
    }

    @Test("a reservation is of something, is sold to a booking or to nobody, and in no state that is not known")
    func reservations() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-1"]))
        for assignment in [
            "quantity = 0", "quantity = -1", "status = 'Confirmed'", "booking_id = 'b1'", "status = 'Gone'",
        ] {
            await expectRefusal(fixture, "UPDATE reservations SET \(assignment)")
        }
    }

    @Test("one checkout for a buyer and event, and one active cart for a buyer")
    func onlyOne() async throws {
        let cart = try await CartScene()
        let view = try await cart.add(.places(ticketTypeID: cart.fixture.standingID, quantity: 1))
        await expectRefusal(
            cart.fixture,
            """
            INSERT INTO carts (cart_id, user_id, status, version, expires_at) VALUES ('other', 'ada', 'Active', 1, 0)
            """)
        await expectRefusal(
            cart.fixture,
            """
            INSERT INTO cart_lines (cart_id, ticket_type_id, line_id, event_id, quantity, seat_numbers, unit_price, \
            currency) VALUES ($1, $2, 'other', $3, 1, '', 1, 'USD')
            """, view.cart.id, cart.fixture.standingID, cart.fixture.eventID)
        try await cart.fixture.reserve(.seats(["A-1-1"]))
        try await cart.fixture.reserve(.seats(["A-1-2"]))
        await expectRefusal(cart.fixture, "UPDATE reservations SET idle_ends_at = 1")
    }
}
