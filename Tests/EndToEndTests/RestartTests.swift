import Checker
import Contracts
import TestSupport
import Testing

/// What was acknowledged is there after every process was restarted, gently or not.
@Suite struct RestartTests {
    @Test("accounts, events, holds and bookings survive a restart of everything", arguments: [false, true])
    func survives(killed: Bool) async throws {
        try await HoldfastStack.with { stack in
            let sale = try await Sale.open(on: stack)
            let email = "stays@example.com"
            let password = SecureRandom.hexadecimal(bytes: 8)
            let buyer = try await stack.client().register(email: email, password: password)
            let booking = try await sale.buy(["A-1-1"], by: buyer)
            let hold = try await sale.hold(["A-1-2"], by: buyer)

            for name in ServiceName.allCases {
                if killed {
                    try stack.kill9(name)
                } else {
                    #expect(try await stack.terminate(name) == .exited(0), "\(name.rawValue)")
                }
            }
            killed ? stack.redis.kill() : stack.redis.stop()
            try await stack.redis.restart()
            for name in ServiceName.allCases { try await stack.start(name) }
            try await stack.waitUntilHealthy()

            let again = try await stack.client().signIn(email: email, password: password)
            #expect(try await again.booking(booking.bookingId) == booking)
            let seat = try await again.reserve(
                ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-1", "A-1-2"]))
            expectProblem(seat, 409, "seat-unavailable")
            let late: BookingDocument = try await again.confirm(hold.reservationId, key: Sale.key()).value()
            #expect(late.status == .confirmed)
            let audit = try await sale.audit(
                [booking, late].map {
                    AcknowledgedBooking(bookingID: $0.bookingId, seatNumbers: $0.seats.map(\.seatNumber))
                })
            #expect(audit.isClean, "\(audit)")
        }
    }
}
