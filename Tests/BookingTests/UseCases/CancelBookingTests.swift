import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct CancelBookingTests {
    private func document(_ answer: ConfirmBooking.Answer) throws -> BookingDocument {
        try WireJSON.decoder.decode(BookingDocument.self, from: .init(answer.reply.body.utf8))
    }

    @Test func `a booking that is given back is refunded and its places are free`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy(seats: ["A-1-1", "A-1-2"], places: 1)
        let answer = try await fixture.parts().cancel(bought.booking.id)
        let booking = try document(answer)
        #expect(answer.reply.status == 200)
        #expect(booking.status == .cancelled)
        #expect(booking.paymentStatus == .refunded)
        #expect(booking.cancelledAt == fixture.clock.now())
        #expect(booking.tickets.map(\.status) == [.cancelled, .cancelled, .cancelled])
        #expect(fixture.payment[bought.booking.chargeKey]?.refundedMinorUnits == 11_000)
        #expect(fixture.inventory[bought.booking.reservationID]?.placesSold == 0)
        #expect(
            try await fixture.auditActions(of: bought.booking.id) == ["cancelled", "confirmed", "refunded", "released"])
        try await fixture.expectPromisesKept()
    }

    @Test func `some of the tickets are given back for their price, the others stay good`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy(seats: ["A-1-1", "A-1-2"], places: 2)
        let first = try document(
            try await fixture.parts().cancel(bought.booking.id, [bought.tickets[1].id, bought.tickets[2].id]))
        #expect(first.status == .confirmed)
        #expect(first.paymentStatus == .partiallyRefunded)
        #expect(first.cancelledAt == nil)
        #expect(first.tickets.map(\.status) == [.purchased, .cancelled, .cancelled, .purchased])
        #expect(fixture.payment[bought.booking.chargeKey]?.refundedMinorUnits == 6500)
        let reservation = try #require(fixture.inventory[bought.booking.reservationID])
        #expect(reservation.seatsSold == ["A-1-1"] && reservation.placesSold == 2)
        try await fixture.expectPromisesKept()

        let rest = try document(try await fixture.parts().cancel(bought.booking.id))
        #expect(rest.status == .cancelled)
        #expect(rest.paymentStatus == .refunded)
        #expect(fixture.payment[bought.booking.chargeKey]?.refunds.count == 2)
        try await fixture.expectPromisesKept()
    }

    @Test func `a free booking is given back without a refund`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy(isFree: true)
        let booking = try document(try await fixture.parts().cancel(bought.booking.id))
        #expect(booking.status == .cancelled)
        #expect(booking.paymentStatus == .success)
        #expect(fixture.payment.faults.count(.refund) == 0)
        try await fixture.expectPromisesKept()
    }

    @Test func `cancelling again is answered with what there is and gives nothing back twice`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy()
        let parts = fixture.parts()
        let first = try await parts.cancel(bought.booking.id, key: "k")
        let replayed = try await parts.cancel(bought.booking.id, key: "k")
        #expect(replayed.isReplayed && replayed.reply == first.reply)
        let keyless = try await parts.cancel(bought.booking.id)
        #expect(!keyless.isReplayed && keyless.reply.status == 200)
        // Also after the event began: what was cancelled in time stays answered.
        fixture.clock.advance(by: .seconds(40 * 86_400))
        let other = try await parts.cancel(bought.booking.id, [bought.tickets[0].id], key: "k2")
        #expect(other.reply.status == 200)
        #expect(try await parts.cancel(bought.booking.id, [bought.tickets[0].id], key: "k2").isReplayed)
        #expect(fixture.payment[bought.booking.chargeKey]?.refunds.count == 1)
        let mismatch = await #expect(throws: CancellationRefusal.self) {
            try await parts.cancel(bought.booking.id, key: "k2", fingerprint: "another")
        }
        #expect(mismatch == .keyReused)
    }

    @Test func `what may not be cancelled is refused and changes nothing`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        let (id, ticket) = (bought.booking.id, bought.tickets[0].id)
        func refusal(_ body: () async throws -> Void) async -> CancellationRefusal? {
            await #expect(throws: CancellationRefusal.self) { try await body() }
        }
        #expect(await refusal { _ = try await parts.cancel(id, by: "eve") } == .bookingUnknown)
        #expect(await refusal { _ = try await parts.cancel("none") } == .bookingUnknown)
        #expect(await refusal { _ = try await parts.cancel(id, [ticket, "x"]) } == .ticketsUnknown(["x"]))
        _ = try await parts.checkIn(try await parts.code(ticket))
        #expect(await refusal { _ = try await parts.cancel(id) } == .ticketsUsed([ticket]))
        fixture.accounts.add("bob", "bob@example.org")
        _ = try await parts.transfer(bought.tickets[1].id, to: "Bob@example.org")
        #expect(
            await refusal { _ = try await parts.cancel(id, [bought.tickets[1].id]) }
                == .ticketsTransferred([bought.tickets[1].id]))
        let later = try await fixture.buy(seats: ["A-2-1"])
        fixture.clock.advance(by: .seconds(30 * 86_400))
        #expect(await refusal { _ = try await parts.cancel(later.booking.id, key: "late") } == .eventBegan)
        #expect(try await fixture.again(later) == later)

        let pending = fixture.hold(seats: ["A-3-1"])
        _ = try await fixture.confirm(pending, key: "p", payment: .token("tok_timeout"))
        let unpaid = try #require(try await fixture.found(pending).first)
        #expect(await refusal { _ = try await parts.cancel(unpaid.booking.id) } == .bookingPending)
        let declined = fixture.hold(seats: ["A-4-1"])
        _ = try await fixture.confirm(declined, key: "d", payment: .token("tok_declined"))
        let failed = try #require(try await fixture.found(declined).first)
        #expect(await refusal { _ = try await parts.cancel(failed.booking.id) } == .bookingNotConfirmed(.failed))
        #expect(fixture.payment.all.values.allSatisfy { $0.refunds.isEmpty })
    }

    @Test func `the key of a refused cancellation is free again`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        await #expect(throws: CancellationRefusal.ticketsUnknown(["x"])) {
            try await parts.cancel(bought.booking.id, ["x"], key: "k", fingerprint: "wrong")
        }
        #expect(try await parts.cancel(bought.booking.id, key: "k", fingerprint: "right").reply.status == 200)
    }

    @Test func `an event that cannot be looked up stops nobody's money but cancels nothing`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy()
        fixture.events.faults.next(.events, .requestLost)
        let refusal = await #expect(throws: Problem.self) { try await fixture.parts().cancel(bought.booking.id) }
        #expect(refusal?.status.code == 503)
        #expect(try await fixture.again(bought) == bought)
    }

    @Test func `a refund without an answer is 202, its tickets are cancelled, and recovery finishes it`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for fault in [CallFaults.Fault.requestLost, .replyLost] {
            let bought = try await fixture.buy(seats: ["\(fault)"])
            fixture.payment.faults.next(.refund, fault)
            let key = "k-\(fault)"
            let answer = try await parts.cancel(bought.booking.id, key: key)
            #expect(answer.reply.status == 202)
            let pending = try document(answer)
            #expect(pending.status == .cancelled && pending.paymentStatus == .success)
            let repeated = await #expect(throws: CancellationRefusal.self) {
                try await parts.cancel(bought.booking.id, key: key)
            }
            guard case .requestInProgress = repeated else {
                Issue.record("the request is not in progress: \(String(describing: repeated))")
                return
            }
            #expect(try await parts.cancel(bought.booking.id).reply.status == 202)
            try await fixture.recoverAll()
            let replayed = try await parts.cancel(bought.booking.id, key: key)
            #expect(replayed.isReplayed && replayed.reply.status == 200)
            #expect(try document(replayed).paymentStatus == .refunded)
            #expect(fixture.payment[bought.booking.chargeKey]?.refundedMinorUnits == 4500)
        }
        try await fixture.expectPromisesKept()
    }

    @Test func `a repeat under another key keeps no answer until nothing is on its way, and then the final one`()
        async throws
    {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy()
        fixture.payment.faults.next(.refund, .requestLost)
        #expect(try await parts.cancel(bought.booking.id, key: "k1").reply.status == 202)
        let early = try await parts.cancel(bought.booking.id, key: "k2")
        #expect(early.reply.status == 202)
        try await fixture.recoverAll()
        let final = try await parts.cancel(bought.booking.id, key: "k2")
        #expect(final.reply.status == 200 && !final.isReplayed)
        #expect(try document(final).paymentStatus == .refunded)
        let replayed = try await parts.cancel(bought.booking.id, key: "k2")
        #expect(replayed.isReplayed && replayed.reply == final.reply)
    }

    @Test func `where some went back by hand the rest does, also when its answer is lost, and the places are free`()
        async throws
    {
        let fixture = try await BookingFixture()
        for losses in [0, 1] {
            let bought = try await fixture.buy(seats: ["A-\(losses)-1", "A-\(losses)-2"])
            fixture.payment.giveBackByHand(1000, of: bought.booking.chargeKey)
            // The refusal of the whole price is no answer that could be lost; the one after it is.
            for _ in 0..<losses { fixture.payment.faults.next(.refund, .replyLost, .replyLost) }
            let answer = try await fixture.parts().cancel(bought.booking.id)
            #expect(answer.reply.status == (losses == 0 ? 200 : 202))
            try await fixture.recoverAll()
            let booking = try await fixture.again(bought).booking
            #expect(booking.status == .cancelled && booking.paymentStatus == .refunded)
            #expect(booking.refundedMinorUnits == 9000)
            #expect(fixture.payment[booking.chargeKey]?.refundedMinorUnits == 9000)
            #expect(fixture.inventory[booking.reservationID]?.placesSold == 0)
        }
        try await fixture.expectPromisesKept()
    }

    @Test func `some tickets bring no more back than is left, and the others then nothing, but their places`()
        async throws
    {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy(seats: ["A-1-1", "A-1-2", "A-1-3"])
        fixture.payment.giveBackByHand(5000, of: bought.booking.chargeKey)
        let ids = bought.tickets.map(\.id)
        _ = try await fixture.parts().cancel(bought.booking.id, [ids[0]])
        let first = try await fixture.again(bought).booking
        #expect(first.refundedMinorUnits == 9500 && first.paymentStatus == .partiallyRefunded)
        for id in ids.dropFirst() {
            #expect(try await fixture.parts().cancel(bought.booking.id, [id]).reply.status == 200)
            let booking = try await fixture.again(bought).booking
            #expect(booking.refundedMinorUnits == 13_500 && booking.paymentStatus == .refunded)
        }
        #expect(fixture.payment[bought.booking.chargeKey]?.refundedMinorUnits == 13_500)
        try await fixture.expectPromisesKept()
    }

    @Test func `places that cannot be freed now are freed by recovery, and sellable then`() async throws {
        let fixture = try await BookingFixture()
        let bought = try await fixture.buy()
        fixture.inventory.faults.next(.keep, .requestLost, .replyLost)
        #expect(try await fixture.parts().cancel(bought.booking.id).reply.status == 202)
        try await fixture.recoverAll()
        try await fixture.expectPromisesKept()
        let again = try await fixture.buy(by: "bob")
        #expect(again.tickets.count == 2)
        try await fixture.expectPromisesKept()
    }

    @Test func `twenty at once give everything back once`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        let bought = try await fixture.buy(seats: ["A-1-1", "A-1-2", "A-1-3"])
        let ids = bought.tickets.map(\.id)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    // Whoever comes second may be told of the first; what counts is what is there in the end.
                    _ = try? await parts.cancel(
                        bought.booking.id, index % 4 == 3 ? nil : [ids[index % 4]], key: index < 10 ? "k\(index)" : nil)
                }
            }
        }
        _ = try await parts.cancel(bought.booking.id)
        try await fixture.recoverAll()
        let booking = try await fixture.again(bought).booking
        #expect(booking.status == .cancelled && booking.paymentStatus == .refunded)
        #expect(booking.refundedMinorUnits == 13_500)
        #expect(fixture.payment[booking.chargeKey]?.refundedMinorUnits == 13_500)
        try await fixture.expectPromisesKept()
    }

    @Test func `a ticket is either given back or let in, never both`() async throws {
        let fixture = try await BookingFixture()
        let parts = fixture.parts()
        for round in 0..<10 {
            let bought = try await fixture.buy(seats: ["A-\(round)-1"])
            let code = try await parts.code(bought.tickets[0].id)
            async let cancelled = try? parts.cancel(bought.booking.id).reply.status
            async let used = try? parts.checkIn(code).reply.status
            let outcome = (await cancelled, await used)
            #expect((outcome.0 == 200) != (outcome.1 == 200), "\(outcome)")
        }
        try await fixture.expectPromisesKept()
    }
}
