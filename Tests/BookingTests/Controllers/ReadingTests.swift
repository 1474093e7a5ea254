import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// Bookings, tickets and reconciliation as their readers get them.
@Suite(.onBothDatabases) struct ReadingTests {
    /// Buys `count` single seats, a millisecond apart.
    private func buy(
        _ count: Int, _ harness: ControllerHarness, _ client: ControllerHarness.Client, as userID: String = "ada"
    ) async throws -> [BookingDocument] {
        var bought: [BookingDocument] = []
        for index in 0..<count {
            harness.test.clock.advance(by: .milliseconds(1))
            let id = harness.inventory.hold(seats: ["\(userID)-\(index)"], by: userID)
            let answer = try await client.post(
                #"{"reservationId":"\#(id)","payment":{"method":"tok_visa"}}"#, key: id, as: userID)
            bought.append(try answer.decode())
        }
        return bought
    }

    @Test(arguments: ["/api/bookings", "/api/bookings/me"])
    func `my bookings come newest first, in pages`(address: String) async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let bought = try await buy(5, harness, client)
            _ = try await buy(2, harness, client, as: "eve")
            let first = try await client.get("\(address)?pageSize=2")
            #expect(first.status == .ok)
            #expect(first.headers[.xTotalCount] == "5")
            #expect(first.headers[.link]?.contains("page=2") == true)
            #expect(try first.decode([BookingDocument].self) == [bought[4], bought[3]])
            let last = try await client.get("\(address)?pageSize=2&page=3")
            #expect(try last.decode([BookingDocument].self) == [bought[0]])
            #expect(last.headers[.link] == nil)
            #expect(try await client.get("\(address)?pageSize=101").status == .unprocessableContent)
            #expect(try await client.get("\(address)?page=0").status == .unprocessableContent)
            #expect(try await client.get(address, as: nil).status == .unauthorized)
            let nobodys = try await client.get(address, as: "bob")
            #expect(String(buffer: nobodys.body) == "[]")
        }
    }

    @Test func `a booking is found by id and by reference, by its owner only`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let booking = try await buy(1, harness, client)[0]
            let ticket = booking.tickets[0]
            let addresses = [
                "/api/bookings/\(booking.bookingId)", "/api/bookings/reference/\(booking.bookingReference)",
                "/api/bookings/reference/\(booking.bookingReference.lowercased())",
            ]
            for address in addresses {
                #expect(try await client.get(address).decode(BookingDocument.self) == booking)
                #expect(try await client.get(address, as: nil).status == .unauthorized)
                let foreign = try await client.get(address, as: "eve")
                #expect(foreign.status == .notFound)
                #expect(foreign.problemCode == "not-found")
            }
            let address = "/api/tickets/\(ticket.ticketId)"
            #expect(try await client.get(address).decode(TicketDocument.self) == ticket)
            #expect(try await client.get(address, as: "eve").status == .notFound)
            #expect(try await client.get(address, as: nil).status == .unauthorized)
            #expect(try await client.get("/api/tickets/none").status == .notFound)
            #expect(try await client.get("/api/bookings/none").status == .notFound)
            #expect(try await client.get("/api/bookings/reference/none").status == .notFound)
        }
    }

    @Test func `a booking that nothing was executed for is nobody's business`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        // Neither the pin nor its being taken back is answered: the booking waits for recovery.
        harness.inventory.faults.next(.pin, .replyLost)
        harness.inventory.faults.next(.unpin, .requestLost)
        try await harness.run { client in
            let answer = try await client.post(
                #"{"reservationId":"\#(id)","payment":{"method":"tok_visa"}}"#, key: "k")
            #expect(answer.status == .serviceUnavailable)
            let mine = try await client.get("/api/bookings")
            #expect(mine.headers[.xTotalCount] == "0")
            #expect(String(buffer: mine.body) == "[]")
        }
    }

    @Test func `auditors page through all bookings by id, of one event or of all`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let bought = try await buy(5, harness, client)
            let address = "/api/bookings/reconciliation"
            #expect(try await client.get(address).status == .forbidden)
            #expect(try await client.get(address, as: nil).status == .unauthorized)
            for query in ["?limit=2", "?limit=2&eventId=\(FakeInventory.eventID)"] {
                var seen: [BookingReconciliationEntry] = []
                while true {
                    let after = seen.last.map { "&after=\($0.bookingId)" } ?? ""
                    let page = try await client.get(address + query + after, as: "root", .admin)
                    let entries = try page.decode([BookingReconciliationEntry].self)
                    #expect(entries.count <= 2)
                    if entries.isEmpty { break }
                    seen += entries
                }
                #expect(seen.map(\.bookingId) == bought.map(\.bookingId))
                #expect(seen.allSatisfy { $0.totalMinorUnits == 4500 && $0.quantity == 1 && $0.tickets.count == 1 })
                #expect(seen.map(\.chargeKey) == bought.map { "charge-\($0.bookingId)" })
            }
            let none = try await client.get("\(address)?eventId=other", as: "root", .admin)
            #expect(String(buffer: none.body) == "[]")
            for limit in ["0", "1001", "many"] {
                let refused = try await client.get("\(address)?limit=\(limit)", as: "root", .admin)
                #expect(refused.status == .unprocessableContent)
            }
        }
    }
}
