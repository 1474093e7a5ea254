import Contracts

extension FakeInventory {
    static let eventID = "0198c000-0000-7000-8000-000000000001"
    static let stalls = "0198c000-0000-7000-8000-0000000000aa"
    static let standing = "0198c000-0000-7000-8000-0000000000bb"

    /// A hold of `userID` on `seats` at 45.00 each and `places` without numbers at 20.00 each.
    @discardableResult
    func hold(
        seats: [String] = ["A-1-1", "A-1-2"], places: Int = 0, by userID: String = "ada", isFree: Bool = false,
        customer: CustomerDocument = CustomerDocument(name: "Ada", email: "ada@example.org"), notes: String? = nil
    ) -> String {
        let id = UUIDv7.make(at: clock.now())
        let seatPrice = Money(minorUnits: isFree ? 0 : 4500, currency: .usd)
        let placePrice = Money(minorUnits: isFree ? 0 : 2000, currency: .usd)
        var items: [ReservationDocument.Item] = []
        if !seats.isEmpty {
            items.append(.init(ticketTypeId: Self.stalls, quantity: seats.count, price: seatPrice.amount))
        }
        if places > 0 {
            items.append(.init(ticketTypeId: Self.standing, quantity: places, price: placePrice.amount))
        }
        let total = Int64(seats.count) * seatPrice.minorUnits + Int64(places) * placePrice.minorUnits
        let now = clock.now()
        let document = ReservationDocument(
            reservationId: id, eventId: Self.eventID, userId: userID, status: .active,
            seats: seats.map {
                .init(seatId: "seat-\($0)", seatNumber: $0, ticketTypeId: Self.stalls, price: seatPrice.amount)
            },
            items: items, totalAmount: Money(minorUnits: total, currency: .usd).amount, currency: "USD",
            customer: customer, notes: notes, reservedAt: now,
            expiresAt: now + .seconds(600), hardExpiresAt: now + .seconds(900), fencingToken: "1")
        add(Reservation(document: document, totalMinorUnits: total))
        return id
    }
}
