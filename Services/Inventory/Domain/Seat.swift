import Contracts

/// A numbered place of an event.
struct Seat: Sendable, Hashable {
    /// The place in seat order: section by section, row by row, from one side to the other.
    let ordinal: Int64
    let number: String
    let section: String
    let row: Int
    let ticketTypeID: String
    let status: SeatStatus
    /// Who has it, unless it is available or blocked.
    let reservationID: String?

    /// The id of a seat on the wire, made from what names it.
    static func id(eventID: String, number: String) -> String { "\(eventID):\(number)" }

    /// The name of a seat as a lockable resource and in the contention monitor.
    static func resource(eventID: String, number: String) -> String { "seat:\(eventID):\(number)" }

    /// The name of the section of a seat's lock, `seat:EVENT:A` for `seat:EVENT:A-1-12`: all but row and place.
    static func section(ofResource resource: String) -> String? {
        let bytes = resource.utf8
        guard let place = bytes.lastIndex(of: UInt8(ascii: "-")),
            let row = bytes[..<place].lastIndex(of: UInt8(ascii: "-"))
        else { return nil }
        return String(resource[..<row])
    }
}
