import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Tickets at the door, in other hands, and after their event is gone.
@Suite struct TicketTests {
    @Test("a ticket shows a code that lets its bearer in once, and says when that was")
    func checkIn() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let id = booking.tickets[0].ticketId
        let code = try #require(try await buyer.ticketCode(id))
        let picture = try await buyer.send("GET", "/api/tickets/\(id)/qr.png")
        #expect(picture.status == 200 && picture.headers.first("content-type") == "image/png")
        #expect(picture.headers.first("cache-control") == "private, no-store")

        let stranger = try await Organizer.signUp()
        expectProblem(try await stranger.client.checkIn(code), 403, "forbidden")
        expectProblem(try await buyer.checkIn(code), 403, "forbidden")
        expectProblem(try await organizer.stack.client().checkIn(code), 401, "unauthorized")
        let admitted = try await organizer.client.checkIn(code, key: "scan-1")
        let used: TicketDocument = try admitted.value()
        #expect(used.status == .used && used.usedAt != nil)
        #expect(try await organizer.client.checkIn(code, key: "scan-1").text == admitted.text)
        let again = try await organizer.client.checkIn(code)
        expectProblem(again, 409, "already-used")
        struct UsedAt: Decodable { let usedAt: Timestamp }
        #expect(try again.decode(UsedAt.self).usedAt == used.usedAt)
        #expect(try await buyer.ticket(id).status == .used)
    }

    @Test("a code that nobody signed lets nobody in")
    func forged() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let code = try #require(try await buyer.ticketCode(booking.tickets[0].ticketId))
        let last = try #require(code.last)
        let changed = code.dropLast() + (last == "0" ? "1" : "0")
        let parts = code.split(separator: ".")
        let unsigned = parts.dropLast().joined(separator: ".") + "." + String(repeating: "0", count: 32)
        let raised = (parts[0...2] + ["2", parts[4]]).joined(separator: ".")
        for forged in [String(changed), unsigned, raised, "", "hello", String(repeating: "9", count: 3000)] {
            expectProblem(try await organizer.client.checkIn(forged), 422, "code-invalid")
        }
        #expect(try await organizer.client.checkIn(code).status == 200)
    }

    @Test("of twenty scans of one code at once one lets in")
    func scansAtOnce() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let code = try #require(try await buyer.ticketCode(booking.tickets[0].ticketId))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await organizer.client.checkIn(code).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 409 } == 19)
    }

    @Test("a ticket that is passed on is its new holder's: new code, and the old one is none")
    func transfer() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let id = booking.tickets[0].ticketId
        for malformed in ["", "grace", "grace@", "@example.com", "grace hopper@example.com"] {
            expectProblem(try await buyer.transfer(id, to: malformed), 422, "invalid-fields")
        }
        let email = "grace.\(SecureRandom.hexadecimal(bytes: 6))@example.com"
        let holder = try await organizer.stack.client().register(email: email, password: "correct horse battery 7")
        expectProblem(try await holder.transfer(id, to: "x@example.com"), 404, "not-found")
        let old = try #require(try await buyer.ticketCode(id))
        let reply = try await buyer.transfer(id, to: email.uppercased(), key: "pass-on")
        #expect(try reply.value(TicketDocument.self).customerEmail == email.uppercased())
        #expect(try await buyer.transfer(id, to: email.uppercased(), key: "pass-on").text == reply.text)

        #expect(try await buyer.ticketCode(id) == nil)
        #expect(try await buyer.ticket(id).ticketId == id)
        expectProblem(try await buyer.cancel(booking.bookingId), 409, "ticket-transferred")
        let new = try #require(try await holder.ticketCode(id))
        #expect(new != old)
        expectProblem(try await organizer.client.checkIn(old), 422, "code-invalid")
        #expect(try await organizer.client.checkIn(new).status == 200)
        expectProblem(try await holder.transfer(id, to: "x@example.com"), 409, "already-used")
    }

    @Test("an address without an account leaves the new code with the sender")
    func transferInTrust() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let id = booking.tickets[0].ticketId
        let old = try #require(try await buyer.ticketCode(id))
        #expect(try await buyer.transfer(id, to: "nobody.\(Sale.key())@example.com").status == 200)
        expectProblem(try await organizer.client.checkIn(old), 422, "code-invalid")
        let new = try #require(try await buyer.ticketCode(id))
        #expect(try await organizer.client.checkIn(new).status == 200)
    }

    @Test("a ticket of an event that was deleted or cancelled can be read; a cancelled one shows no code")
    func afterTheEvent() async throws {
        let organizer = try await Organizer.signUp()
        let deleted = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: deleted)
        #expect(try await organizer.delete(deleted.id).status == 204)
        #expect(try await buyer.ticket(booking.tickets[0].ticketId) == booking.tickets[0])
        let cancelled = try await organizer.create()
        let (other, second) = try await organizer.sell("A-1-1", of: cancelled)
        #expect(try await organizer.post("cancel", of: cancelled.id).status == 200)
        let id = second.tickets[0].ticketId
        try await eventually(within: .seconds(30), "the ticket is cancelled") {
            try await other.ticket(id).status == .cancelled
        }
        expectProblem(try await other.send("GET", "/api/tickets/\(id)/qr.png"), 409, "ticket-cancelled")
        expectProblem(try await other.send("GET", "/api/tickets/\(id)/qr.svg"), 409, "ticket-cancelled")
    }

    @Test("the trail tells its buyer and the organizer what happened, and nobody else")
    func trail() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        let code = try #require(try await buyer.ticketCode(booking.tickets[0].ticketId))
        #expect(try await organizer.client.checkIn(code).status == 200)
        let reply = try await buyer.send("GET", "/api/bookings/\(booking.bookingId)/history")
        let history: [AuditDocument] = try reply.value()
        #expect(history.map(\.action) == ["checked-in", "confirmed"])
        #expect(reply.headers.first("X-Total-Count") == "2")
        #expect(history[0].actor == "user:\(event.ownerId)" && history[0].after.status == "Used")
        let audit: [AuditDocument] = try await organizer.client.get("/api/events/\(event.id)/audit")
        #expect(audit == history)
        let stock: [StockChangeDocument] = try await organizer.client.get("/api/inventory/events/\(event.id)/audit")
        #expect(stock.map(\.action) == ["sold"])
        #expect(stock[0].actor == "booking:\(booking.bookingId)" && stock[0].after.seatNumbers == ["A-1-1"])
        let stranger = try await Organizer.signUp()
        expectProblem(
            try await stranger.client.send("GET", "/api/inventory/events/\(event.id)/audit"), 403, "forbidden")
        expectProblem(
            try await stranger.client.send("GET", "/api/bookings/\(booking.bookingId)/history"), 404, "not-found")
        expectProblem(try await stranger.client.send("GET", "/api/events/\(event.id)/audit"), 403, "forbidden")
        expectProblem(try await stranger.client.send("GET", "/api/events/\(event.id)/refunds"), 403, "forbidden")
        expectProblem(try await buyer.send("GET", "/api/events/\(Sale.key())/audit"), 404, "not-found")
    }
}
