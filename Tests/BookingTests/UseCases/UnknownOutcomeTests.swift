import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// Replies that never come, providers that answer late or never, services that are down.
@Suite(.onBothDatabases) struct UnknownOutcomeTests {
    private func document(_ reply: StoredReply) throws -> BookingDocument {
        try WireJSON.decoder.decode(BookingDocument.self, from: .init(reply.body.utf8))
    }

    @Test func `a charge without an outcome is 202, again 202, and confirmed once the provider says so`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answer = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        #expect(answer.reply.status == 202)
        let pending = try document(answer.reply)
        #expect(pending.status == .pending)
        #expect(pending.seats.count == 2)
        #expect(pending.tickets.isEmpty)
        let repeated = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        #expect(repeated.reply == answer.reply)
        #expect(repeated.isReplayed)
        let other = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "other") }
        #expect(other?.code == "payment-in-progress")

        fixture.payment.settle("charge-\(pending.bookingId)", as: .captured)
        fixture.clock.advance(by: .seconds(1))
        try await fixture.recover()
        let final = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        #expect(final.reply.status == 201)
        #expect(try document(final.reply).bookingId == pending.bookingId)
        #expect(try document(final.reply).tickets.count == 2)
        try await fixture.expectPromisesKept()
    }

    @Test func `a charge that never gets an outcome is waited for until its deadline, then voided`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answer = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        let key = "charge-\(try document(answer.reply).bookingId)"
        let began = fixture.clock.now()
        while fixture.payment[key]?.state == .pending, fixture.clock.now() < began + .seconds(300) {
            fixture.clock.advance(by: .seconds(1))
            try await fixture.recover()
        }
        let waited = fixture.clock.now() - began
        #expect(waited >= fixture.timing.paymentDeadline)
        #expect(waited <= fixture.timing.paymentDeadline + .seconds(10))
        #expect(fixture.payment[key]?.state == .voided)
        let final = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        #expect(final.reply.status == 402)
        #expect(try await fixture.confirm(id, key: "k2").reply.status == 201)
        try await fixture.expectPromisesKept()
    }

    @Test func `a capture that comes just before the void is sold`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answer = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        let key = "charge-\(try document(answer.reply).bookingId)"
        fixture.clock.advance(by: .seconds(200))
        let gate = fixture.stall(at: .beforeVoid)
        async let recovery = fixture.recover(stopsAtPoints: true)
        await gate.waitUntilArrived()
        fixture.payment.settle(key, as: .captured)
        gate.open()
        _ = try await recovery
        #expect(try await fixture.found(id).first?.booking.status == .confirmed)
        try await fixture.expectPromisesKept()
    }

    @Test func `nothing is charged when the hold was lost before a late capture could be sold: it is refunded`()
        async throws
    {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let answer = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        fixture.payment.settle("charge-\(try document(answer.reply).bookingId)", as: .captured)
        fixture.inventory.change(id) {
            $0.isExpired = true
            $0.pinnedBy = nil
        }
        try await fixture.recoverAll()
        let final = try await fixture.confirm(id, key: "k", payment: .token("tok_timeout"))
        #expect(final.reply.status == 410)
        #expect(try await fixture.found(id).first?.booking.status == .refunded)
        try await fixture.expectPromisesKept()
    }

    @Test(arguments: [CallFaults.Fault.requestLost, .replyLost])
    func `a lost pin executes nothing: 503 or the hold let go, and the same key may try again`(
        fault: CallFaults.Fault
    ) async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        fixture.inventory.faults.next(.pin, fault)
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(refusal?.code == "dependency-unavailable")
        #expect(fixture.inventory[id]?.pinnedBy == nil)
        #expect(try await fixture.confirm(id, key: "k").reply.status == 201)
        try await fixture.expectPromisesKept()
    }

    @Test func `with inventory down nothing is executed, and recovery takes the pin back when it is up again`()
        async throws
    {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        fixture.inventory.faults.next(.pin, .replyLost)
        fixture.inventory.faults.next(.unpin, .requestLost, .requestLost, .requestLost)
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(refusal?.code == "dependency-unavailable")
        #expect(fixture.inventory[id]?.pinnedBy != nil)
        let repeated = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(repeated?.code == "request-in-progress")
        try await fixture.recoverAll()
        #expect(fixture.inventory[id]?.pinnedBy == nil)
        #expect(try await fixture.confirm(id, key: "k").reply.status == 201)
        try await fixture.expectPromisesKept()
    }

    @Test(
        arguments: [CallFaults.Call.charge, .commit],
        [CallFaults.Fault.requestLost, .replyLost])
    func `a lost charge or sale is 202 and ends as it should`(call: CallFaults.Call, fault: CallFaults.Fault)
        async throws
    {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        fixture.payment.faults.next(call, fault)
        fixture.inventory.faults.next(call, fault)
        #expect(try await fixture.confirm(id, key: "k").reply.status == 202)
        try await fixture.recoverAll()
        let final = try await fixture.confirm(id, key: "k")
        // A request that never reached payment was never charged, and nobody has the card any more.
        #expect(final.reply.status == (call == .charge && fault == .requestLost ? 402 : 201))
        try await fixture.expectPromisesKept()
    }

    @Test func `a refund that fails is repeated until it is made, once`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        let gate = fixture.stall(at: .beforeCommit)
        fixture.payment.faults.next(.refund, .requestLost, .replyLost, .requestLost)
        async let pending = fixture.confirm(id, key: "k")
        await gate.waitUntilArrived()
        fixture.inventory.change(id) { $0.isSaleStopped = true }
        gate.open()
        #expect(try await pending.reply.status == 202)
        #expect(try await fixture.found(id).first?.booking.paymentStatus == .success)
        try await fixture.recoverAll()
        #expect(try await fixture.confirm(id, key: "k").reply.status == 409)
        try await fixture.expectPromisesKept()
    }

    @Test func `an unpin that fails does not hold up the answer`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        fixture.inventory.faults.next(.unpin, .requestLost)
        let answer = try await fixture.confirm(id, key: "k", payment: .token("tok_declined"))
        #expect(answer.reply.status == 402)
        #expect(fixture.inventory[id]?.pinnedBy != nil)
        try await fixture.recoverAll()
        try await fixture.expectPromisesKept()
    }

    @Test(arguments: CallFaults.Call.allCases, CallFaults.Call.allCases)
    func `whatever two calls are lost on the way of a repeated order, it ends with the promises kept`(
        first: CallFaults.Call, second: CallFaults.Call
    ) async throws {
        let fixture = try await BookingFixture()
        for faults in [(CallFaults.Fault.requestLost, CallFaults.Fault.replyLost), (.replyLost, .requestLost)] {
            for method in ["tok_visa", "tok_declined", "tok_timeout"] {
                let id = fixture.hold(seats: ["\(method)-\(faults.0)"])
                for service in [fixture.inventory.faults, fixture.payment.faults] {
                    service.clear()
                    service.next(first, faults.0)
                    service.next(second, faults.1)
                }
                for _ in 0..<3 {
                    _ = try? await fixture.confirm(id, key: "k-\(id)", payment: .token(method))
                    fixture.clock.advance(by: .seconds(11))
                    try await fixture.recover()
                }
                try await fixture.recoverAll()
                try await fixture.expectPromisesKept("\(method) \(faults)")
            }
        }
    }
}
