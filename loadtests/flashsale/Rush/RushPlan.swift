import Contracts

/// What a rush is to be.
struct RushPlan: Sendable {
    var users: Int
    var seats: Int
    var seatsPerOrder: Int
    /// Buyers at work at the same time.
    var concurrency: Int
    var payment = PaymentMethod.token("tok_visa")
    /// Registered accounts instead of guests.
    var buyersHaveAccounts = false
    /// How often a buyer picks other seats after somebody was quicker.
    var picksMax = 30
    /// How long a buyer asks again while a service is away or an outcome is unknown.
    var patience = Duration.seconds(60)
    /// How long the audit waits for sagas to end.
    var settleLimit = Duration.seconds(60)

    private static let seatsPerRow = 50
    private static let rowsPerSection = 100

    /// Sections whose seats add up to exactly ``seats``.
    var sections: [SeatSection] {
        var sections: [SeatSection] = []
        var fullRows = seats / Self.seatsPerRow
        while fullRows > 0 {
            let rows = min(fullRows, Self.rowsPerSection)
            sections.append(SeatSection(name: "S\(sections.count + 1)", rows: rows, seatsPerRow: Self.seatsPerRow))
            fullRows -= rows
        }
        let rest = seats % Self.seatsPerRow
        if rest > 0 { sections.append(SeatSection(name: "S\(sections.count + 1)", rows: 1, seatsPerRow: rest)) }
        return sections
    }

    /// The event that is rushed, `now` being the time of its creation.
    func event(now: Timestamp) -> CreateEventRequest {
        CreateEventRequest(
            title: "Flash sale \(now)", eventDate: now + .seconds(90 * 86_400), venue: "Load Hall",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Seat", price: DecimalAmount(minorUnits: 4950, decimals: 2), seating: .reserved,
                    sections: sections)
            ],
            category: "load test", maxPerOrder: 10)
    }
}
