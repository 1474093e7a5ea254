import Contracts
import DatabaseKit
import TestSupport
import Testing

@testable import inventory

/// The schema alone makes overselling impossible: these go around every line of the service.
@Suite(.onBothDatabases) struct StockConstraintTests {
    @Test(
        "counters cannot pass the total or fall below zero",
        arguments: ["reserved = total + 1", "sold = total, reserved = 1", "reserved = -1", "sold = -1"])
    func counters(assignment: String) async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: DatabaseError.self) {
            try await fixture.database.write { session in
                try session.execute("UPDATE ticket_types SET \(assignment)")
            }
        }
    }

    @Test(
        "a seat has one holder or none",
        arguments: ["status = 'Sold'", "status = 'Reserved'", "reservation_id = 'x'"])
    func holder(assignment: String) async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: DatabaseError.self) {
            try await fixture.database.write { session in try session.execute("UPDATE seats SET \(assignment)") }
        }
    }

    @Test("a seat number exists once in an event")
    func uniqueNumber() async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: DatabaseError.self) {
            try await fixture.database.write { session in
                try session.execute("UPDATE seats SET seat_number = 'A-1-1'")
            }
        }
    }

    @Test("a capacity below what is reserved and sold is refused")
    func capacity() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        let decision = try await fixture.putRules(version: 2, standingCapacity: 2)
        #expect(decision == RulesDecision(.capacityBelowSold, conflicts: [fixture.standingID]))
        #expect(try await fixture.stock(of: fixture.standingID)?.total == 5)
    }
}
