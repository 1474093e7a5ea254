import Contracts
import Foundation

/// What a reservation of tickets by quantity has beside its places.
struct TicketReservation: Sendable, Hashable {
    /// `RES_yyyyMMddHHmmss_XXXXXXXX`: good wherever the reservation's id is.
    let reference: String
    /// As many as places; the tickets that the reservation becomes keep them.
    let ticketNumbers: [String]

    /// New names for a reservation of `quantity` places made at `now`.
    static func make(quantity: Int, at now: Timestamp) -> TicketReservation {
        let digits = now.description.prefix(19).filter(\.isNumber)
        let series = SecureRandom.readable(10)
        return TicketReservation(
            reference: "\(referencePrefix)\(digits)_\(SecureRandom.readable(8))",
            ticketNumbers: (1...max(quantity, 1)).map { "TK-\(series)-\($0)" })
    }

    /// Whether `id` is such a reference and not a reservation's own id.
    static func isReference(_ id: String) -> Bool { id.hasPrefix(referencePrefix) }

    private static let referencePrefix = "RES_"
}
