import Contracts
import DatabaseKit

/// Takes back what was sold, each time in one transaction.
struct SaleStore: Sendable {
    let database: any Database

    /// How often a sale that somebody else changes at the same time is looked at again.
    private static let attemptsMax = 5

    /// Lets a sale shrink to `kept` and frees the rest; a sale never grows, and a repeat changes nothing.
    ///
    /// - Throws: ``ReservationRefusal/reservationUnknown`` when the booking did not buy the reservation.
    func keep(_ kept: KeptPlaces, of reservationID: String) async throws {
        try await database.write { session in
            for _ in 0..<Self.attemptsMax {
                guard let reservation = try ReservationTable.find(reservationID, in: session) else {
                    throw ReservationRefusal.reservationUnknown
                }
                if reservation.wasReturned(by: kept.bookingId) { return }
                guard reservation.storedStatus == .confirmed, reservation.bookingID == kept.bookingId else {
                    throw ReservationRefusal.reservationUnknown
                }
                let (rest, freed) = reservation.divided(by: kept)
                guard !freed.isEmpty else { return }
                guard try ReservationTable.shrinkSale(reservation, to: rest, in: session) else { continue }
                return try StockMovement.takeBack(freed, of: reservation, in: session)
            }
            throw ReservationRefusal.fenced
        }
    }
}
