import Contracts

/// Turns sections, rows and seats per row into numbered seats.
enum SeatPlan {
    /// A seat that is to be made.
    struct Place: Sendable, Hashable {
        let number: String
        let section: String
        let row: Int
        /// The number within the row.
        let seat: Int
        /// Where the seat stands in the seat order of its event.
        let ordinal: Int64
    }

    /// All places of `section` in seat order: `A-1-1`, `A-1-2`, … `A-2-1`, …
    static func places(of section: EventRules.Section) -> some Sequence<Place> {
        (1...max(1, section.rows)).lazy.flatMap { row in
            (1...max(1, section.seatsPerRow)).lazy.map { seat in
                Place(
                    number: "\(section.name)-\(row)-\(seat)", section: section.name, row: row, seat: seat,
                    ordinal: section.firstOrdinal + Int64((row - 1) * section.seatsPerRow + seat - 1))
            }
        }
    }
}
