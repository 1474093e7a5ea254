import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct ConfirmBookingTests {
    private func document(_ answer: ConfirmBooking.Answer) throws -> BookingDocument {
        try WireJSON.decoder.decode(BookingDocument.self, from: .init(answer.reply.body.utf8))
    }

    private func problem(_ answer: ConfirmBooking.Answer) throws -> ProblemDocument {
        try WireJSON.decoder.decode(ProblemDocument.self, from: .init(answer.reply.body.utf8))
    }

    @Test func `a hold that is paid for becomes a confirmed booking with a ticket a place`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold(seats: ["A-1-1", "A-1-2"], places: 1)
        let answer = try await fixture.confirm(id, key: "k")
        let booking = try document(answer)
        #expect(answer.reply.status == 201)
        #expect(!answer.isReplayed)
        #expect(booking.status == .confirmed)
        #expect(booking.paymentStatus == .success)
        #expect(booking.bookingReference.hasPrefix("HF-"))
        #expect(booking.totalAmount.minorUnits(of: .usd) == 11_000)
        #expect(booking.seats.map(\.seatNumber) == ["A-1-1", "A-1-2"])
        #expect(booking.tickets.map(\.seatNumber) == ["A-1-1", "A-1-2", nil])
        #expect(Set(booking.tickets.map(\.ticketNumber)).count == 3)
        #expect(booking.tickets.allSatisfy { $0.customerName == "Ada" && $0.status == .purchased })
        #expect(try await fixture.auditActions(of: booking.bookingId) == ["confirmed"])
        try await fixture.expectPromisesKept()
    }

    @Test func `what is stored is what was answered`() async throws {
        let fixture = try await BookingFixture()
        let booking = try document(try await fixture.confirm(fixture.hold(), key: "k"))
        let found = try #require(try await fixture.bookings.booking(booking.bookingId, of: "ada"))
        #expect(found.booking.document(found.tickets) == booking)
    }

    @Test func `a free hold needs no payment and charges nothing`() async throws {
        let fixture = try await BookingFixture()
        let answer = try await fixture.confirm(fixture.hold(isFree: true), key: "k", payment: nil)
        #expect(answer.reply.status == 201)
        #expect(fixture.payment.all.isEmpty)
        #expect(fixture.payment.faults.count(.charge) == 0)
        try await fixture.expectPromisesKept()
    }

    @Test func `a repeat with the same key gets the same answer, byte by byte, and nothing happens again`() async throws
    {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let first = try await fixture.confirm(id, key: "k")
        let second = try await fixture.confirm(id, key: "k")
        #expect(second.reply == first.reply)
        #expect(second.isReplayed)
        #expect(fixture.payment.faults.count(.charge) == 1)
    }

    @Test func `a declined payment is 402, lets go of the hold, and another card may be tried`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let declined = try await fixture.confirm(id, key: "k1", payment: .token("tok_declined"))
        #expect(declined.reply.status == 402)
        #expect(try problem(declined).code == "payment-declined")
        #expect(fixture.inventory[id]?.pinnedBy == nil)
        let repeated = try await fixture.confirm(id, key: "k1", payment: .token("tok_declined"))
        #expect(repeated.reply == declined.reply)
        #expect(repeated.isReplayed)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(try await fixture.confirm(id, key: "k2").reply.status == 201)
        #expect(try await fixture.found(id).map(\.booking.status) == [.failed, .confirmed])
        try await fixture.expectPromisesKept()
    }

    @Test func `a refusal before anything was executed is passed on and leaves no trace`() async throws {
        let fixture = try await BookingFixture()
        let expired = fixture.hold(seats: ["A-2-1"])
        fixture.inventory.change(expired) { $0.isExpired = true }
        let foreign = fixture.hold(seats: ["A-2-2"], by: "eve")
        let pinned = fixture.hold(seats: ["A-2-3"])
        fixture.inventory.change(pinned) { $0.pinnedBy = "another" }
        let cases = [
            (expired, 410, "reservation-expired"), (foreign, 404, "not-found"), ("unknown", 404, "not-found"),
            (pinned, 409, "payment-in-progress"),
        ]
        for (id, status, code) in cases {
            let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k-\(id)") }
            #expect(refusal?.status.code == status)
            #expect(refusal?.code == code)
            #expect(try await fixture.found(id).isEmpty)
        }
        #expect(fixture.payment.all.isEmpty)
        fixture.inventory.change(pinned) { $0.pinnedBy = nil }
        #expect(try await fixture.confirm(pinned, key: "k-\(pinned)").reply.status == 201)
    }

    @Test func `a wrong amount or a missing payment is 422, charges nothing and lets go of the hold`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let wrong = PaymentMethod(method: "tok_visa", amount: DecimalAmount(minorUnits: 8999, decimals: 2))
        let mismatch = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k", payment: wrong) }
        #expect(mismatch?.code == "amount-mismatch")
        let missing = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k", payment: nil) }
        #expect(missing?.fieldErrors.first?.field == "payment")
        let bad = await #expect(throws: Problem.self) {
            try await fixture.confirm(id, key: "k", payment: .token("tok_bad"))
        }
        #expect(bad?.status == .unprocessableContent)
        #expect(fixture.payment.all.isEmpty)
        #expect(fixture.inventory[id]?.pinnedBy == nil)
        let right = PaymentMethod(method: "tok_visa", amount: DecimalAmount(minorUnits: 9000, decimals: 2))
        #expect(try await fixture.confirm(id, key: "k", payment: right).reply.status == 201)
    }

    @Test func `texts that no database takes are 422 before the charge, and the hold is let go`() async throws {
        let fixture = try await BookingFixture()
        let name = fixture.inventory.hold(seats: ["A-1-1"], customer: CustomerDocument(name: "A\u{0}da"))
        let notes = fixture.inventory.hold(seats: ["A-1-2"], notes: "\u{0}")
        for (id, field) in [(name, "customer.name"), (notes, "notes")] {
            let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k-\(field)") }
            #expect(refusal?.status == .unprocessableContent)
            #expect(refusal?.fieldErrors.map(\.field) == [field])
            #expect(fixture.inventory[id]?.pinnedBy == nil)
            #expect(try await fixture.found(id).isEmpty)
        }
        #expect(fixture.payment.all.isEmpty)
        #expect(try await fixture.unfinished() == 0)
    }

    @Test func `a key used for another request is refused, also while the first is running`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        _ = try await fixture.confirm(id, key: "k", fingerprint: "one")
        let refusal = await #expect(throws: Problem.self) {
            try await fixture.confirm(id, key: "k", fingerprint: "other")
        }
        #expect(refusal?.code == "idempotency-key-reused")
        #expect(refusal?.status == .unprocessableContent)
    }

    @Test func `keys are their user's own`() async throws {
        let fixture = try await BookingFixture()
        let hers = fixture.hold(seats: ["A-1-1"], by: "ada")
        let his = fixture.hold(seats: ["A-1-2"], by: "bob")
        #expect(try await fixture.confirm(hers, key: "same", userID: "ada").reply.status == 201)
        #expect(try await fixture.confirm(his, key: "same", userID: "bob").reply.status == 201)
    }

    @Test func `a reservation bought under one key is gone under another`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        _ = try await fixture.confirm(id, key: "k1")
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k2") }
        #expect(refusal?.status == .gone)
        #expect(refusal?.code == "reservation-confirmed")
        try await fixture.expectPromisesKept()
    }

    @Test func `somebody else's reservation is unknown, paid for or being paid for, and the key is free again`()
        async throws
    {
        let fixture = try await BookingFixture()
        let sold = fixture.hold(seats: ["A-1-1"])
        _ = try await fixture.confirm(sold, key: "k1")
        let pending = fixture.hold(seats: ["A-1-2"])
        _ = try await fixture.confirm(pending, key: "k2", payment: .token("tok_timeout"))
        for id in [sold, pending] {
            let refusal = await #expect(throws: Problem.self) {
                try await fixture.confirm(id, key: "eve", userID: "eve")
            }
            #expect(refusal?.status == .notFound && refusal?.code == "not-found")
        }
        let own = fixture.hold(seats: ["A-1-3"], by: "eve")
        #expect(try await fixture.confirm(own, key: "eve", userID: "eve").reply.status == 201)
    }

    @Test func `whoever tries somebody else's reservation does not make it unknown to its holder`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let gate = fixture.stall(at: .beforePin)
        let stranger = Task { try await fixture.confirm(id, key: "k", userID: "eve") }
        await gate.waitUntilArrived()
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(refusal?.code == "payment-in-progress")
        gate.open()
        await #expect(throws: Problem.self) { try await stranger.value }
        #expect(try await fixture.confirm(id, key: "k").reply.status == 201)
    }

    @Test func `the same confirmation twenty times at once executes once`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answers = await attempts(20) { _ in try await fixture.confirm(id, key: "k") }
        let replies = answers.compactMap { try? $0.get().reply }
        #expect(Set(replies).count == 1)
        #expect(answers.filter { (try? $0.get().isReplayed) == false }.count == 1)
        for case .failure(let error) in answers {
            #expect((error as? Problem)?.code == "request-in-progress")
            #expect((error as? Problem)?.retryAfterSeconds == 1)
        }
        #expect(fixture.payment.faults.count(.charge) == 1)
        try await fixture.expectPromisesKept()
    }

    @Test func `different keys on one reservation at once make one charge`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answers = await attempts(10) { try await fixture.confirm(id, key: "k\($0)") }
        #expect(answers.filter { (try? $0.get().reply.status) == 201 }.count == 1)
        for case .failure(let error) in answers {
            let code = (error as? Problem)?.code
            #expect(code == "payment-in-progress" || code == "reservation-confirmed")
        }
        #expect(fixture.payment.all.count == 1)
        try await fixture.expectPromisesKept()
    }

    private func attempts(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> ConfirmBooking.Answer
    ) async -> [Result<ConfirmBooking.Answer, any Error>] {
        await withTaskGroup(of: Result<ConfirmBooking.Answer, any Error>.self) { group in
            for index in 0..<count {
                group.addTask {
                    do { return .success(try await body(index)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `a sale stopped after the charge sends the money back and says so, also to a repeat`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let gate = fixture.stall(at: .beforeCommit)
        async let pending = fixture.confirm(id, key: "k")
        await gate.waitUntilArrived()
        fixture.inventory.change(id) { $0.isSaleStopped = true }
        gate.open()
        let answer = try await pending
        #expect(answer.reply.status == 409)
        #expect(try problem(answer).code == "not-on-sale")
        let booking = try #require(try await fixture.found(id).first?.booking)
        #expect(booking.status == .refunded)
        #expect(booking.paymentStatus == .refunded)
        #expect(try await fixture.auditActions(of: booking.id) == ["refund-due", "refunded"])
        #expect(try await fixture.confirm(id, key: "k").reply == answer.reply)
        try await fixture.expectPromisesKept()
    }

    @Test func `a seat that has a ticket already is never ticketed twice: the money goes back`() async throws {
        let fixture = try await BookingFixture()
        let first = fixture.hold(seats: ["A-1-1"])
        let second = fixture.hold(seats: ["A-1-1"], by: "bob")
        _ = try await fixture.confirm(first, key: "k")
        let answer = try await fixture.confirm(second, key: "k", userID: "bob")
        #expect(answer.reply.status == 409)
        #expect(try problem(answer).code == "seat-unavailable")
        let charges = fixture.payment.all.values
        #expect(charges.map(\.capturedMinorUnits).reduce(0, +) == 9000)
        #expect(charges.map(\.refundedMinorUnits).reduce(0, +) == 4500)
        let found = try await fixture.found(second)
        #expect(found.map(\.tickets.count) == [0])
    }
}
