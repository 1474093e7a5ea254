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
        try await database.read { session in
            try session.query(
                """
                SELECT booking_id FROM bookings WHERE reservation_id = $1 AND event_id IS NOT NULL ORDER BY booking_id
                """, reservationID
            ).compactMap { try BookingStore.find(try $0.string(0), session) }
        }
    }

    /// Checks the promises over all there is: sold once, paid once, never paid without a ticket, nothing left pinned.
    func expectPromisesKept(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let all = try await bookings.bookings(ofEvent: nil, after: "", limit: 10_000)
        let byCharge = Dictionary(uniqueKeysWithValues: all.map { ($0.booking.chargeKey, $0) })
        let charges = payment.all
        for (key, charge) in charges {
            #expect(charge.captures <= 1, comment, sourceLocation: sourceLocation)
            let booking = byCharge[key]
            let kept = charge.capturedMinorUnits - charge.refundedMinorUnits
            let standing = booking?.tickets.reduce(0) { $0 + ($1.isActive ? $1.price.minorUnits : 0) } ?? 0
            #expect(kept == standing, comment, sourceLocation: sourceLocation)
        }
        var seats: Set<String> = []
        for found in all {
            let booking = found.booking
            #expect(booking.phase == .done, comment, sourceLocation: sourceLocation)
            #expect(booking.status != .pending, comment, sourceLocation: sourceLocation)
            let reservation = inventory[booking.reservationID]
            let wasSold = booking.status == .confirmed || booking.status == .cancelled
            let good = found.tickets.filter(\.isActive)
            #expect(wasSold == (reservation?.soldTo == booking.id), comment, sourceLocation: sourceLocation)
            #expect(
                found.tickets.count == (wasSold ? booking.deal?.purchase.lines.count : 0), comment,
                sourceLocation: sourceLocation)
            #expect(good.isEmpty == (booking.status != .confirmed), comment, sourceLocation: sourceLocation)
            if reservation?.soldTo == booking.id {
                #expect(reservation?.placesSold == good.count, comment, sourceLocation: sourceLocation)
                #expect(
                    reservation?.seatsSold == Set(good.compactMap(\.seatNumber)), comment,
                    sourceLocation: sourceLocation)
            }
            for seat in good.compactMap(\.seatNumber) {
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
