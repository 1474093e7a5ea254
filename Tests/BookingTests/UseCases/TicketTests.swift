import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct TicketTests {
    private func document(_ outcome: TicketStore.Outcome) throws -> TicketDocument {
        try WireJSON.decoder.decode(TicketDocument.self, from: .init(outcome.reply.body.utf8))
    }

    @Test func `a code lets somebody in once, and says when that was`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let ticket = try await fixture.buy().tickets[0]
        let code = try await parts.code(ticket.id)
        let outcome = try await parts.checkIn(code)
        let used = try document(outcome)
        #expect(outcome.reply.status == 200)
        #expect(used.status == .used && used.usedAt == fixture.clock.now())
        let first = fixture.clock.now()
        fixture.clock.advance(by: .seconds(5))
        await #expect(throws: TicketRefusal.alreadyUsed(at: first)) { try await parts.checkIn(code) }
        #expect(try await fixture.auditActions(of: ticket.bookingID) == ["checked-in", "confirmed"])
    }

    @Test func `of twenty scans at once one lets in; the same key is answered the same`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let ticket = try await fixture.buy().tickets[0]
        let code = try await parts.code(ticket.id)
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask { (try? await parts.checkIn(code, key: "scan-\(index)"))?.reply.status == 200 }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 1)
        let other = try await fixture.buy(seats: ["A-9-9"]).tickets[0]
        let otherCode = try await parts.code(other.id)
        let first = try await parts.checkIn(otherCode, key: "again")
        let second = try await parts.checkIn(otherCode, key: "again")
        #expect(!first.isReplayed && second.isReplayed && first.reply == second.reply)
        await #expect(throws: TicketRefusal.keyReused) {
            try await parts.tickets.checkIn(
                other.code, by: "user:olga", try parts.keyed("again", by: "olga", fingerprint: "other"))
        }
    }

    @Test func `only the organizer and admins let in; a question without an answer is a no`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let ticket = try await fixture.buy().tickets[0]
        let code = try await parts.code(ticket.id)
        fixture.events.faults.next(.events, .requestLost)
        let unknown = await #expect(throws: Problem.self) { try await parts.checkIn(code) }
        #expect(unknown?.status.code == 503)
        for stranger in ["ada", "eve"] {
            let refusal = await #expect(throws: Problem.self) { try await parts.checkIn(code, by: stranger) }
            #expect(refusal?.status == .forbidden)
        }
        #expect(try await parts.tickets.ticket(ticket.id)?.status == .purchased)
        let admin = Identity(userID: "root", role: .admin)
        let outcome = try await CheckInTicket(tickets: parts.tickets, events: parts.known, codec: parts.codec)
            .execute(code, by: admin, nil, parts.call)
        #expect(outcome.reply.status == 200)
    }

    @Test func `a ticket that was given back, or of a cancelled event, lets nobody in`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        let codes = (try await parts.code(bought.tickets[0].id), try await parts.code(bought.tickets[1].id))
        _ = try await parts.cancel(bought.booking.id, [bought.tickets[0].id])
        await #expect(throws: TicketRefusal.cancelled) { try await parts.checkIn(codes.0) }
        fixture.events.put(FakeInventory.eventID, on: fixture.clock.now(), status: .cancelled, version: 2)
        try await parts.follow.catchUp()
        await #expect(throws: TicketRefusal.cancelled) { try await parts.checkIn(codes.1) }
    }

    @Test func `a ticket that is passed on has a new code, and the old one is none`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        let ticket = bought.tickets[0]
        let old = try await parts.code(ticket.id)
        fixture.accounts.add("bob", "bob@example.org")
        let outcome = try await parts.transfer(ticket.id, to: "Bob@Example.org", key: "k")
        let passedOn = try document(outcome)
        #expect(passedOn.customerEmail == "Bob@Example.org")
        #expect(passedOn.customerName == nil && passedOn.customerPhone == nil)
        await #expect(throws: TicketRefusal.codeInvalid) { try await parts.checkIn(old) }
        // Its buyer still reads it, but it is not theirs to pass on any more; the repeat is answered all the same.
        #expect(try await parts.tickets.ticket(ticket.id, readableBy: "ada") != nil)
        #expect(try await parts.tickets.ticket(ticket.id, readableBy: "bob") != nil)
        #expect(try await parts.tickets.ticket(ticket.id, readableBy: "eve") == nil)
        await #expect(throws: TicketRefusal.ticketUnknown) { try await parts.transfer(ticket.id, to: "a@b.org") }
        #expect(try await parts.transfer(ticket.id, to: "Bob@Example.org", key: "k").isReplayed)
        // Further on by its new holder, who has the only good code then.
        _ = try await parts.transfer(ticket.id, to: "carol@example.org", by: "bob")
        #expect(try await parts.checkIn(try await parts.code(ticket.id)).reply.status == 200)
        #expect(
            try await fixture.auditActions(of: bought.booking.id)
                == ["checked-in", "confirmed", "transferred", "transferred"])
    }

    @Test func `an address without an account leaves the ticket in trust of its sender`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let ticket = try await fixture.buy().tickets[0]
        let old = try await parts.code(ticket.id)
        _ = try await parts.transfer(ticket.id, to: "nobody@example.org")
        let kept = try #require(try await parts.tickets.ticket(ticket.id))
        #expect(kept.userID == "ada" && kept.codeVersion == 2 && kept.customer?.email == "nobody@example.org")
        await #expect(throws: TicketRefusal.codeInvalid) { try await parts.checkIn(old) }
    }

    @Test func `nothing is passed on while accounts are unknown, after use, or by somebody else`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        let ticket = bought.tickets[0]
        fixture.accounts.faults.next(.account, .requestLost)
        let unknown = await #expect(throws: Problem.self) { try await parts.transfer(ticket.id, to: "b@example.org") }
        #expect(unknown?.status.code == 503)
        await #expect(throws: TicketRefusal.ticketUnknown) {
            try await parts.transfer(ticket.id, to: "b@example.org", by: "eve")
        }
        await #expect(throws: TicketRefusal.ticketUnknown) { try await parts.transfer("none", to: "b@example.org") }
        #expect(try await parts.tickets.ticket(ticket.id) == ticket)
        _ = try await parts.checkIn(try await parts.code(ticket.id))
        await #expect(throws: TicketRefusal.alreadyUsed(at: fixture.clock.now())) {
            try await parts.transfer(ticket.id, to: "b@example.org")
        }
        _ = try await parts.cancel(bought.booking.id, [bought.tickets[1].id])
        await #expect(throws: TicketRefusal.cancelled) {
            try await parts.transfer(bought.tickets[1].id, to: "b@example.org")
        }
    }

    @Test func `of a transfer and a scan at once the old code never works after the new one`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for round in 0..<10 {
            let ticket = try await fixture.buy(seats: ["A-\(round)-1"]).tickets[0]
            let code = try await parts.code(ticket.id)
            async let passedOn = try? parts.transfer(ticket.id, to: "x@example.org").reply.status
            async let used = try? parts.checkIn(code).reply.status
            let outcome = (await passedOn, await used)
            #expect((outcome.0 == 200) != (outcome.1 == 200), "\(outcome)")
        }
    }
}
