import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// A buyer pays once, however often and however parallel they ask.
@Suite struct OnePaymentTests {
    private static let timesAtOnce = 20

    @Test("the same confirmation sent 20 times at once is one booking and one charge")
    func sameKeyAtOnce() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1", "A-1-2"], by: guest)
        let key = Sale.key()
        let replies = try await atOnce(Self.timesAtOnce) { _ in
            try await guest.confirm(reservation.reservationId, key: key)
        }
        let confirmed = replies.filter { $0.status == 201 }
        #expect(!confirmed.isEmpty)
        #expect(Set(confirmed.map(\.text)).count == 1)
        for refused in replies where refused.status != 201 { expectProblem(refused, 409, "request-in-progress") }

        let again = try await guest.confirm(reservation.reservationId, key: key)
        #expect(again.status == 201 && again.text == confirmed.first?.text)
        #expect(again.headers.first("Idempotent-Replayed") == "true")
        let mine: [BookingDocument] = try await guest.get("/api/bookings/me")
        #expect(mine.count == 1)
        let audit = try await sale.audit(
            mine.map { AcknowledgedBooking(bookingID: $0.bookingId, seatNumbers: ["A-1-1", "A-1-2"]) })
        #expect(audit.isClean && audit.chargesCaptured == 1, "\(audit)")
    }

    @Test("two keys on one reservation at once are one charge", arguments: 1...5)
    func twoKeysAtOnce(round: Int) async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1"], by: guest)
        let replies = try await atOnce(2) { _ in
            try await guest.confirm(reservation.reservationId, key: Sale.key())
        }
        #expect(replies.count { $0.status == 201 } == 1, "\(replies.map(\.text))")
        for refused in replies where refused.status != 201 {
            let allowed = ["payment-in-progress", "reservation-confirmed"]
            #expect(allowed.contains(refused.code ?? ""), "\(refused.text)")
        }
        let audit = try await sale.audit()
        #expect(audit.isClean && audit.chargesCaptured == 1 && audit.bookingsConfirmed == 1, "\(audit)")
    }

    @Test("the same reservation request sent 20 times at once is one hold")
    func sameReservationAtOnce() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let key = Sale.key()
        let request = ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-1"])
        let replies = try await atOnce(Self.timesAtOnce) { _ in try await guest.reserve(request, key: key) }
        let granted = replies.filter { $0.status == 201 }
        #expect(Set(granted.map(\.text)).count == 1)
        for refused in replies where refused.status != 201 {
            let allowed = ["request-in-progress", "seat-locked"]
            #expect(refused.status == 409 && allowed.contains(refused.code ?? ""), "\(refused.text)")
        }
        let mine: [ReservationDocument] = try await guest.get("/api/inventory/reservations?status=active")
        #expect(mine.count == 1)
    }

    @Test("of 20 buyers of one seat at once exactly one gets it")
    func oneSeatManyBuyers() async throws {
        let sale = try await Sale.open()
        let buyers = try await atOnce(Self.timesAtOnce) { _ in try await sale.guest() }
        let replies = try await atOnce(buyers.count) { index in
            try await buyers[index].reserve(ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-5"]))
        }
        #expect(replies.count { $0.status == 201 } <= 1)
        for refused in replies where refused.status != 201 {
            let allowed = ["seat-unavailable", "seat-locked"]
            #expect(refused.status == 409 && allowed.contains(refused.code ?? ""), "\(refused.text)")
        }
        #expect(replies.contains { $0.status == 201 })
    }

    private func atOnce<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for index in 0..<count { group.addTask { try await body(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
