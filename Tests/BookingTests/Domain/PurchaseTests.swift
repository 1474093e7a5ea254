import Contracts
import Testing

@testable import booking

@Suite struct PurchaseTests {
    private func pinned(
        seats: [ReservationDocument.Seat], items: [ReservationDocument.Item], total: Int64, currency: String = "USD"
    ) -> PinnedReservation {
        let now = Timestamp(milliseconds: 0)
        let document = ReservationDocument(
            reservationId: "r", eventId: "e", userId: "u", status: .active, seats: seats, items: items,
            totalAmount: Money(minorUnits: total, currency: .usd).amount, currency: currency, customer: nil, notes: nil,
            reservedAt: now, expiresAt: now, hardExpiresAt: now, fencingToken: "0")
        return PinnedReservation(reservation: document, totalMinorUnits: total, pinnedUntil: now)
    }

    private func price(_ minorUnits: Int64) -> DecimalAmount {
        Money(minorUnits: minorUnits, currency: .usd).amount
    }

    @Test func `seats and places without numbers become a line each`() throws {
        let purchase = try Purchase(
            pinned(
                seats: [.init(seatId: "s1", seatNumber: "A-1-1", ticketTypeId: "t1", price: price(1050))],
                items: [
                    .init(ticketTypeId: "t1", quantity: 1, price: price(1050)),
                    .init(ticketTypeId: "t2", quantity: 2, price: price(300)),
                ], total: 1650))
        #expect(purchase.lines.map(\.seatNumber) == ["A-1-1", nil, nil])
        #expect(purchase.lines.map(\.priceMinorUnits) == [1050, 300, 300])
        #expect(purchase.totalMinorUnits == 1650)
    }

    @Test func `a reservation whose parts do not add up is not sold`() {
        let seat = ReservationDocument.Seat(seatId: "s", seatNumber: "A-1-1", ticketTypeId: "t", price: price(100))
        let item = ReservationDocument.Item(ticketTypeId: "t", quantity: 1, price: price(100))
        let fine = ReservationDocument.Item(
            ticketTypeId: "t", quantity: 1, price: DecimalAmount(minorUnits: 1, decimals: 3))
        for wrong in [
            pinned(seats: [seat], items: [item], total: 101),
            pinned(seats: [seat, seat], items: [item], total: 200),
            pinned(seats: [], items: [], total: 0),
            pinned(seats: [seat], items: [item], total: 100, currency: "XXX"),
            pinned(seats: [], items: [fine], total: 0),
        ] {
            #expect(throws: InconsistentReservation.self) { try Purchase(wrong) }
        }
    }

    @Test func `every text that no database takes is named`() {
        let bad = "a\u{0}"
        let purchase = Purchase(
            lines: [], customer: CustomerDocument(name: bad, email: bad, phone: bad), notes: bad,
            reservedAt: Timestamp(milliseconds: 0))
        #expect(purchase.unstorableFields == ["customer.name", "customer.email", "customer.phone", "notes"])
        let good = Purchase(
            lines: [], customer: CustomerDocument(name: "Zoë\n", email: "", phone: nil), notes: nil,
            reservedAt: Timestamp(milliseconds: 0))
        #expect(good.unstorableFields == [])
    }

    @Test func `a sum that overflows is none`() {
        let line = Purchase.Line(ticketTypeID: "t", seatID: nil, seatNumber: nil, priceMinorUnits: .max)
        let purchase = Purchase(
            lines: [line, line], customer: nil, notes: nil, reservedAt: Timestamp(milliseconds: 0))
        #expect(purchase.totalMinorUnits == nil)
    }

    @Test(
        arguments: [
            (nil, 4500, PaymentFit.paymentMissing), (PaymentMethod(), 4500, .paymentMissing),
            (PaymentMethod(method: ""), 4500, .paymentMissing), (.token("tok_visa"), 4500, .fits),
            (PaymentMethod(cardNumber: "4242424242424242"), 4500, .fits), (nil, 0, .fits), (PaymentMethod(), 0, .fits),
            (PaymentMethod(method: "t", amount: DecimalAmount(minorUnits: 4500, decimals: 2)), 4500, .fits),
            (PaymentMethod(method: "t", amount: DecimalAmount(minorUnits: 45, decimals: 0)), 4500, .fits),
            (PaymentMethod(method: "t", amount: DecimalAmount(minorUnits: 4501, decimals: 2)), 4500, .amountDiffers),
            (PaymentMethod(method: "t", amount: DecimalAmount(minorUnits: 45001, decimals: 3)), 4500, .amountDiffers),
            (PaymentMethod(amount: DecimalAmount(minorUnits: 1, decimals: 0)), 0, .amountDiffers),
        ] as [(PaymentMethod?, Int64, PaymentFit)])
    func `a payment fits when there is one where needed and its amount, if any, is the total`(
        payment: PaymentMethod?, total: Int64, fit: PaymentFit
    ) {
        #expect(PaymentFit(of: payment, to: Money(minorUnits: total, currency: .usd)) == fit)
    }
}
