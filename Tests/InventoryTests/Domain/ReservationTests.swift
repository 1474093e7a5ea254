import Contracts
import Testing

@testable import inventory

@Suite struct ReservationTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func reservation(status: ReservationStatus = .active, pinnedUntil: Timestamp? = nil) -> Reservation {
        Reservation(
            id: "r", eventID: "e", userID: "u",
            lines: [
                .init(ticketTypeID: "t", unitPriceMinorUnits: 2550, quantity: 2, seatNumbers: ["A-1-1", "A-1-2"]),
                .init(ticketTypeID: "g", unitPriceMinorUnits: 1000, quantity: 3, seatNumbers: []),
            ], currency: .usd, customer: nil, notes: nil, reservedAt: start,
            period: .fixed(until: start + .seconds(600)), ticketing: nil, fencingToken: 7, storedStatus: status,
            pin: pinnedUntil.map { .init(bookingID: "b", until: $0) }, bookingID: status == .confirmed ? "b" : nil)
    }

    @Test("a hold is expired from its deadline on, swept or not")
    func expiry() {
        #expect(reservation().status(at: start + .milliseconds(599_999)) == .active)
        #expect(reservation().status(at: start + .seconds(600)) == .expired)
    }

    @Test("only an active hold expires", arguments: [ReservationStatus.confirmed, .released])
    func finalStates(status: ReservationStatus) {
        #expect(reservation(status: status).status(at: start + .seconds(9999)) == status)
    }

    @Test("a pin keeps the hold past its own deadline and no longer")
    func pin() {
        let pinned = reservation(pinnedUntil: start + .seconds(700))
        #expect(pinned.status(at: start + .seconds(650)) == .active)
        #expect(pinned.status(at: start + .seconds(700)) == .expired)
        #expect(reservation(pinnedUntil: start + .seconds(10)).endsAt == start + .seconds(600))
    }

    @Test("a live pin stands against every other booking")
    func pinOwnership() {
        let pinned = reservation(pinnedUntil: start + .seconds(100))
        #expect(pinned.isPinned(byOtherThan: "other", at: start))
        #expect(pinned.isPinned(byOtherThan: nil, at: start))
        #expect(!pinned.isPinned(byOtherThan: "b", at: start))
        #expect(!pinned.isPinned(byOtherThan: "other", at: start + .seconds(100)))
    }

    @Test("the document carries sums, seats and the per-seat list")
    func document() {
        let document = reservation().document(at: start)
        #expect(document.quantity == 5)
        #expect(document.totalAmount.minorUnits(of: .usd) == 8100)
        #expect(document.seats.map(\.seatNumber) == ["A-1-1", "A-1-2"])
        #expect(document.reservations.map(\.seatNumber) == ["A-1-1", "A-1-2"])
        #expect(document.items.map(\.quantity) == [2, 3])
        #expect(document.fencingToken == "7")
    }
}
