import Contracts
import DatabaseKit
import TestSupport
import Testing

@testable import booking

extension BookingFixture {
    /// ``FakeInventory/hold(seats:places:by:isFree:)``.
    @discardableResult
    func hold(
        seats: [String] = ["A-1-1", "A-1-2"], places: Int = 0, by userID: String = "ada", isFree: Bool = false
    ) -> String {
        inventory.hold(seats: seats, places: places, by: userID, isFree: isFree)
    }

    /// Every booking of a reservation that is still there.
    func found(_ reservationID: String) async throws -> [BookingStore.Found] {
        try await bookings.bookings(ofEvent: nil, after: "", limit: 1000).filter {
            $0.booking.reservationID == reservationID
        }
    }

    /// Checks the promises over all there is: sold once, paid once, never paid without a ticket, nothing left pinned.
    func expectPromisesKept(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let all = try await bookings.bookings(ofEvent: nil, after: "", limit: 1000)
        let charges = payment.all
        for (key, charge) in charges {
            #expect(charge.captures <= 1, comment, sourceLocation: sourceLocation)
            let booking = all.first { $0.booking.chargeKey == key }
            let kept = charge.capturedMinorUnits - charge.refundedMinorUnits
            let sold = booking?.booking.status == .confirmed ? booking?.booking.deal?.total.minorUnits ?? 0 : 0
            #expect(kept == sold, comment, sourceLocation: sourceLocation)
        }
        var seats: Set<String> = []
        for found in all {
            let booking = found.booking
            #expect(booking.phase == .done, comment, sourceLocation: sourceLocation)
            #expect(booking.status != .pending, comment, sourceLocation: sourceLocation)
            let reservation = inventory[booking.reservationID]
            #expect(
                (booking.status == .confirmed) == (reservation?.soldTo == booking.id), comment,
                sourceLocation: sourceLocation)
            #expect(
                found.tickets.count == (booking.status == .confirmed ? booking.deal?.purchase.lines.count : 0), comment,
                sourceLocation: sourceLocation)
            for seat in found.tickets.compactMap(\.seatNumber) {
                #expect(seats.insert(seat).inserted, comment, sourceLocation: sourceLocation)
            }
        }
        for reservation in inventory.all {
            #expect(reservation.pinnedBy == nil, comment, sourceLocation: sourceLocation)
            #expect(reservation.commits <= 1, comment, sourceLocation: sourceLocation)
        }
    }

    /// What the audit trail says was done to a booking, sorted.
    func auditActions(of bookingID: String) async throws -> [String] {
        try await database.read { session in
            try session.query(
                "SELECT action FROM audit_trail WHERE booking_id = $1 ORDER BY action", bookingID
            ).map { try $0.string("action") }
        }
    }
}
