import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// Cancelling, tickets, their pictures and the trail, as clients get them.
@Suite(.onBothDatabases) struct TicketControllerTests {
    private func buy(
        _ harness: ControllerHarness, _ client: ControllerHarness.Client, seats: [String] = ["A-1-1", "A-1-2"]
    ) async throws -> BookingDocument {
        let id = harness.inventory.hold(seats: seats)
        return try await client.post(#"{"reservationId":"\#(id)","payment":{"method":"tok_visa"}}"#, key: id).decode()
    }

    /// The text of a ticket's code, out of its picture.
    private func code(_ ticketID: String, _ client: ControllerHarness.Client, as userID: String = "ada") async throws
        -> String
    {
        let svg = try await client.get("/api/tickets/\(ticketID)/qr.svg", as: userID)
        #expect(svg.status == .ok)
        let text = String(buffer: svg.body)
        return String(try #require(text.firstMatch(of: /<desc>(.*)<\/desc>/)).1)
    }

    @Test func `cancelling takes a list of tickets, nothing, or an empty body`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let booking = try await buy(harness, client, seats: ["A-1-1", "A-1-2", "A-1-3"])
            let uri = "/api/bookings/\(booking.bookingId)/cancel"
            let one = try await client.post(
                #"{"ticketIds":["\#(booking.tickets[0].ticketId)"]}"#, to: uri, key: "k")
            #expect(one.status == .ok)
            #expect(try one.decode(BookingDocument.self).paymentStatus == .partiallyRefunded)
            let again = try await client.post(
                #"{"ticketIds":["\#(booking.tickets[0].ticketId)"]}"#, to: uri, key: "k")
            #expect(again.headers[.idempotentReplayed] == "true" && again.body == one.body)
            #expect(try await client.post("{}", to: uri, key: "k").problemCode == "idempotency-key-reused")
            #expect(try await client.post(#"{"ticketIds":[]}"#, to: uri).status == .unprocessableContent)
            #expect(try await client.post(#"{"ticketIds":["x"]}"#, to: uri).problemCode == "invalid-fields")
            #expect(try await client.post("[", to: uri).status == .badRequest)
            #expect(try await client.post("", to: uri, as: "eve").status == .notFound)
            #expect(try await client.post("", to: uri, as: nil).status == .unauthorized)
            let rest = try await client.post("", to: uri)
            #expect(rest.status == .ok)
            #expect(try rest.decode(BookingDocument.self).status == .cancelled)
            #expect(try await client.get("/api/bookings/\(booking.bookingId)").body == rest.body)
        }
    }

    @Test func `a code is shown as SVG and PNG to its holder alone, and kept by nobody in between`() async throws {
        let harness = try await ControllerHarness()
        harness.accounts.add("bob", "bob@example.org")
        try await harness.run { client in
            let booking = try await buy(harness, client)
            let id = booking.tickets[0].ticketId
            for (name, type) in [("qr.svg", "image/svg+xml"), ("qr.png", "image/png")] {
                let uri = "/api/tickets/\(id)/\(name)"
                let picture = try await client.get(uri)
                #expect(picture.status == .ok)
                #expect(picture.headers[.contentType] == type)
                #expect(picture.headers[.cacheControl] == "private, no-store")
                #expect(try await client.get(uri, as: "eve").status == .notFound)
                #expect(try await client.get(uri, as: "root", .admin).status == .notFound)
                #expect(try await client.get(uri, as: nil).status == .unauthorized)
            }
            let passedOn = try await client.post(
                #"{"email":"bob@example.org"}"#, to: "/api/tickets/\(id)/transfer")
            #expect(passedOn.status == .ok)
            #expect(try await client.get("/api/tickets/\(id)/qr.png").status == .notFound)
            #expect(try await client.get("/api/tickets/\(id)").status == .ok)
            #expect(try await client.get("/api/tickets/\(id)", as: "bob").status == .ok)
            #expect(try await code(id, client, as: "bob").hasPrefix("HFT1."))
            let all = try await client.post("", to: "/api/bookings/\(booking.bookingId)/cancel")
            #expect(all.problemCode == "ticket-transferred")
            let rest = #"{"ticketIds":["\#(booking.tickets[1].ticketId)"]}"#
            #expect(try await client.post(rest, to: "/api/bookings/\(booking.bookingId)/cancel").status == .ok)
            let cancelled = try await client.get("/api/tickets/\(booking.tickets[1].ticketId)/qr.svg")
            #expect(cancelled.problemCode == "ticket-cancelled")
        }
    }

    @Test func `check-in answers 200 once, then when it was`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let booking = try await buy(harness, client)
            let code = try await code(booking.tickets[0].ticketId, client)
            let (uri, body) = ("/api/tickets/check-in", #"{"code":"\#(code)"}"#)
            #expect(try await client.post(body, to: uri, as: nil).status == .unauthorized)
            #expect(try await client.post(body, to: uri, as: "ada").problemCode == "forbidden")
            let used = try await client.post(body, to: uri, key: "scan", as: FakeEvents.owner)
            #expect(used.status == .ok)
            #expect(try used.decode(TicketDocument.self).status == .used)
            let replayed = try await client.post(body, to: uri, key: "scan", as: FakeEvents.owner)
            #expect(replayed.body == used.body && replayed.headers[.idempotentReplayed] == "true")
            let again = try await client.post(body, to: uri, as: FakeEvents.owner)
            #expect(again.status == .conflict && again.problemCode == "already-used")
            struct UsedAt: Decodable { let usedAt: Timestamp }
            #expect(try again.decode(UsedAt.self).usedAt == used.decode(TicketDocument.self).usedAt)
            for forged in [code + "0", "HFT1.x.y.1.z", ""] {
                let refused = try await client.post(
                    #"{"code":"\#(forged)"}"#, to: uri, as: FakeEvents.owner)
                #expect(refused.problemCode == "code-invalid")
            }
            #expect(try await client.post("{}", to: uri, as: FakeEvents.owner).status == .unprocessableContent)
        }
    }

    @Test func `a transfer to what is no address is 422`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let booking = try await buy(harness, client)
            let uri = "/api/tickets/\(booking.tickets[0].ticketId)/transfer"
            let long = String(repeating: "a", count: 300) + "@example.org"
            for email in ["", "bob", "bob@", "@example.org", "a b@example.org", "x@y@z.org", long] {
                let refused = try await client.post(#"{"email":"\#(email)"}"#, to: uri)
                #expect(refused.problemCode == "invalid-fields", "\(email)")
            }
            let good = #"{"email":"bob@example.org"}"#
            #expect(try await client.post(good, to: uri, as: "eve").status == .notFound)
            #expect(try await client.post(good, to: "/api/tickets/x/transfer").status == .notFound)
        }
    }

    @Test func `the trail is its buyer's and its organizer's, newest first, and names no address`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let booking = try await buy(harness, client)
            harness.test.clock.advance(by: .milliseconds(5))
            _ = try await client.post(
                #"{"email":"bob@example.org"}"#, to: "/api/tickets/\(booking.tickets[0].ticketId)/transfer")
            harness.test.clock.advance(by: .milliseconds(5))
            _ = try await client.post("", to: "/api/bookings/\(booking.bookingId)/cancel")
            let uri = "/api/bookings/\(booking.bookingId)/history"
            let history = try await client.get(uri)
            let entries = try history.decode([AuditDocument].self)
            #expect(history.headers[.xTotalCount] == "5")
            #expect(Set(entries.prefix(3).map(\.action)) == ["cancelled", "refunded", "released"])
            #expect(entries.suffix(2).map(\.action) == ["transferred", "confirmed"])
            #expect(entries.allSatisfy { $0.actor == "user:ada" && $0.eventId == FakeInventory.eventID })
            #expect(entries[3].before.codeVersion == 1 && entries[3].after.codeVersion == 2)
            #expect(!String(buffer: history.body).contains("example.org"))
            let refunded = try #require(entries.first { $0.action == "refunded" })
            #expect(refunded.after.refundedAmount?.minorUnits(of: .usd) == 9000)
            #expect(try await client.get(uri, as: "eve").status == .notFound)
            #expect(try await client.get(uri, as: nil).status == .unauthorized)
            #expect(try await client.get(uri + "?pageSize=2").headers[.link]?.contains("page=2") == true)

            let audit = "/api/events/\(FakeInventory.eventID)/audit"
            #expect(try await client.get(audit, as: FakeEvents.owner).decode([AuditDocument].self) == entries)
            #expect(try await client.get(audit, as: "root", .admin).status == .ok)
            #expect(try await client.get(audit).problemCode == "forbidden")
            #expect(try await client.get("/api/events/none/audit", as: FakeEvents.owner).status == .notFound)
            let refunds = "/api/events/\(FakeInventory.eventID)/refunds"
            #expect(try await client.get(refunds).status == .forbidden)
            let progress = try await client.get(refunds, as: FakeEvents.owner).decode(EventRefundsDocument.self)
            #expect(progress.state == .none && progress.bookings == 0 && progress.currency == nil)
        }
    }
}
