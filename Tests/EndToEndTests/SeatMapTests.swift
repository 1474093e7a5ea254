import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// `/api/inventory/events/{eventId}/seatmap` and what organizers keep back.
@Suite struct SeatMapTests {
    private struct Map: Decodable {
        struct Section: Decodable {
            let name: String
            let rows: [String]
        }

        let version: Int64
        let sections: [Section]
    }

    private func map(_ client: APIClient, of event: EventDocument) async throws -> Map {
        try await client.get("/api/inventory/events/\(event.id)/seatmap")
    }

    @Test("the map shows holds, sales and releases at once")
    func map() async throws {
        let sale = try await Sale.open(rows: 2, places: 5)
        let buyer = try await sale.guest()
        let anyone = sale.stack.client()
        #expect(try await map(anyone, of: sale.event).sections[0].rows == ["AAAAAAAAAA", "AAAAAAAAAA"])
        let hold = try await sale.hold(["A-1-3"], by: buyer)
        _ = try await sale.buy(["A-2-10"], by: buyer)
        let taken = try await map(anyone, of: sale.event)
        #expect(taken.sections.map(\.name) == ["A"])
        #expect(taken.sections[0].rows == ["AARAAAAAAA", "AAAAAAAAAS"])
        #expect(try await buyer.release(hold.reservationId).status == 204)
        #expect(try await map(anyone, of: sale.event).sections[0].rows == ["AAAAAAAAAA", "AAAAAAAAAS"])
    }

    @Test("an unchanged map is 304 by its tag, and it is compressed for who takes that")
    func caching() async throws {
        let sale = try await Sale.open(rows: 200)
        let path = "/api/inventory/events/\(sale.event.id)/seatmap"
        let anyone = sale.stack.client()
        let first = try await anyone.send("GET", path)
        let tag = try #require(first.headers.first("etag"))
        var fields = HeaderFields()
        fields.add("If-None-Match", tag)
        let again = try await anyone.send("GET", path, body: nil, headers: fields)
        #expect(again.status == 304 && again.text.isEmpty)
        _ = try await sale.hold(["A-1-1"], by: try await sale.guest())
        #expect(try await anyone.send("GET", path, body: nil, headers: fields).status == 200)
        let small = try await RawClient.with(sale.stack.gateway) { connection in
            try await connection.write("GET \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
            return try await connection.readHead().lowercased()
        }
        #expect(small.contains("content-encoding: gzip"))
        let missing = "/api/inventory/events/\(UUIDv7.make(at: SystemClock().now()))/seatmap"
        expectProblem(try await anyone.send("GET", missing), 404, "not-found")
    }

    @Test("seats that the organizer keeps back are shown so, counted as taken, and nobody gets them")
    func blocked() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let path = "/api/inventory/events/\(event.id)/seats/blocked"
        let both = BlockedSeatsRequest(seatNumbers: ["A-1-1", "A-1-10"])
        let reply = try await organizer.client.send("PUT", path, json: both)
        #expect(try reply.value(BlockedSeatsDocument.self).seatNumbers == ["A-1-1", "A-1-10"])
        #expect(try await map(organizer.client, of: event).sections[0].rows == ["BAAAAAAAAB"])
        let availability = try await organizer.client.availability(of: event.id)
        let seat = try #require(availability.ticketTypes.first)
        #expect(seat.totalQuantity == 10 && seat.reservedQuantity == 2 && seat.availableCount == 8)
        let buyer = try await organizer.stack.client().signUpGuest()
        let refused = try await buyer.reserve(ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1"]))
        expectProblem(refused, 409, "seat-unavailable")
        let listed: [SeatDocument] = try await buyer.get("/api/inventory/events/\(event.id)/seats?status=blocked")
        #expect(listed.map(\.seatNumber) == ["A-1-1", "A-1-10"] && listed.allSatisfy { $0.status == .blocked })
        #expect(try await buyer.seats(of: event.id).count == 8)

        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: ["A-1-2"])
        ).value()
        let late = BlockedSeatsRequest(seatNumbers: ["A-1-2"])
        let conflict = try await organizer.client.send("PUT", path, json: late)
        expectProblem(conflict, 409, "seat-unavailable")
        #expect(conflict.problem?.conflicts == ["A-1-2"])
        #expect(try await buyer.release(hold.reservationId).status == 204)

        let none = BlockedSeatsRequest(seatNumbers: [])
        #expect(try await organizer.client.send("PUT", path, json: none).status == 200)
        #expect(try await map(organizer.client, of: event).sections[0].rows == ["AAAAAAAAAA"])
        #expect(try await buyer.reserve(ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1"])).status == 201)
    }

    @Test("only the organizer and admins keep seats back, and only seats that there are")
    func blockedBadly() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let path = "/api/inventory/events/\(event.id)/seats/blocked"
        let seats = BlockedSeatsRequest(seatNumbers: ["A-1-1"])
        let stranger = try await Organizer.signUp().client
        expectProblem(try await stranger.send("PUT", path, json: seats), 403, "forbidden")
        expectProblem(try await organizer.stack.client().send("PUT", path, json: seats), 401, "unauthorized")
        let missing = "/api/inventory/events/\(UUIDv7.make(at: SystemClock().now()))/seats/blocked"
        expectProblem(try await organizer.client.send("PUT", missing, json: seats), 404, "not-found")
        let unknown = BlockedSeatsRequest(seatNumbers: ["A-1-1", "Z-9-9"])
        expectProblem(try await organizer.client.send("PUT", path, json: unknown), 422, "invalid-fields")
        let empty = try await organizer.client.send("PUT", path, text: "{}", headers: HeaderFields())
        expectProblem(empty, 422, "invalid-fields")
        let admin = try await organizer.stack.admin()
        #expect(try await admin.send("PUT", path, json: seats).status == 200)
    }
}
