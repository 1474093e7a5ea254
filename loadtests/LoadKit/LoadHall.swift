package import Contracts

/// The hall in which load tests sell: as many numbered seats as are asked for.
package struct LoadHall: Sendable {
    private let seats: Int

    private static let seatsPerRow = 50
    private static let rowsPerSection = 100
    private static let price = DecimalAmount(minorUnits: 4950, decimals: 2)

    /// A hall of 1 to 200,000 seats.
    package init(seats: Int) {
        self.seats = seats
    }

    /// Sections whose seats add up to exactly the number asked for.
    package var sections: [SeatSection] {
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

    /// The numbers of all seats in seat order, as inventory names them: `S1-1-1`, `S1-1-2`, …
    package var seatNumbers: [String] {
        sections.flatMap { section in
            (1...section.rows).flatMap { row in
                (1...section.seatsPerRow).map { "\(section.name)-\(row)-\($0)" }
            }
        }
    }

    /// An event in the hall, `now` being the time of its creation.
    package func event(_ title: String, now: Timestamp) -> CreateEventRequest {
        CreateEventRequest(
            title: title, eventDate: now + .seconds(90 * 86_400), venue: "Load Hall",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Seat", price: Self.price, seating: .reserved, sections: sections)
            ],
            category: "load test", maxPerOrder: 10)
    }
}
