import Contracts
import NIOCore
import Testing

@testable import inventory

@Suite struct ReservationJSONTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_123)

    private func reservation(
        currency: Currency = .usd, prices: [Int64] = [2550, 1000], customer: CustomerDocument? = nil,
        notes: String? = nil, status: ReservationStatus = .active, pinnedUntil: Timestamp? = nil
    ) -> Reservation {
        Reservation(
            id: "0197a-r", eventID: "0197a-e", userID: "0197a-u",
            lines: prices.enumerated().map { index, price in
                // Reserved seats and general admission in turns.
                let seats = index.isMultiple(of: 2) ? ["A-\(index)-1", "A-\(index)-2"] : []
                return Reservation.Line(
                    ticketTypeID: "t\(index)", unitPriceMinorUnits: price, quantity: max(3, seats.count),
                    seatNumbers: seats)
            }, currency: currency, customer: customer, notes: notes, reservedAt: start,
            period: .fixed(until: start + .seconds(600)), ticketing: nil, fencingToken: 1 << 41,
            storedStatus: status, pin: pinnedUntil.map { .init(bookingID: "b", until: $0) },
            bookingID: status == .confirmed ? "b" : nil)
    }

    private func expectSameBytes(_ reservation: Reservation, at now: Timestamp) throws {
        let written = String(decoding: try reservation.json(at: now), as: UTF8.self)
        #expect(try written == String(buffer: WireJSON.encode(reservation.document(at: now))))
    }

    @Test("the bytes written by hand are the general encoder's", arguments: ReservationStatus.allCases)
    func statuses(status: ReservationStatus) throws {
        try expectSameBytes(reservation(status: status), at: start)
        try expectSameBytes(reservation(status: status), at: start + .seconds(900))
        try expectSameBytes(reservation(status: status, pinnedUntil: start + .seconds(700)), at: start)
    }

    @Test("amounts are written as the general encoder writes them", arguments: ["USD", "JPY", "KWD"])
    func amounts(code: String) throws {
        let currency = try #require(Currency(code: code))
        let prices: [Int64] = [0, 1, 9, 10, 99, 100, 101, 120, 999, 1000, 1001, 1050, 123_456_789, 100_000_000_000_000]
        for price in prices {
            try expectSameBytes(reservation(currency: currency, prices: [price]), at: start)
        }
        try expectSameBytes(reservation(currency: currency, prices: prices), at: start)
    }

    @Test(
        "what a customer may type is escaped as the general encoder does",
        arguments: [
            "plain", "", "say \"yes\" \\ no", "line\nbreak\ttab\r", "\u{8}\u{c}\u{0}\u{1}\u{1f}\u{7f}",
            "Zoë 🎟 \u{2028}",
            "a/b</script>",
        ])
    func texts(text: String) throws {
        let customer = CustomerDocument(name: text, email: "a@b.example", phone: nil)
        try expectSameBytes(reservation(customer: customer, notes: text), at: start)
    }

    @Test("a reservation of nothing but places has empty lists of seats")
    func generalAdmission() throws {
        let places = Reservation(
            id: "r", eventID: "e", userID: "u",
            lines: [.init(ticketTypeID: "t", unitPriceMinorUnits: 500, quantity: 4, seatNumbers: [])], currency: .usd,
            customer: nil, notes: nil, reservedAt: start, period: .fixed(until: start), ticketing: nil, fencingToken: 0,
            storedStatus: .active, pin: nil, bookingID: nil)
        try expectSameBytes(places, at: start)
    }
}
