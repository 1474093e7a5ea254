import Contracts
import DatabaseKit

/// A cart with the holds that belong to its lines, as it is at one moment.
struct CartView: Sendable {
    let cart: Cart
    let status: CartStatus
    /// The lines, by id, whose places are held.
    let reservedLines: Set<String>
    /// When the cart ends: its own end, or the end of its first hold.
    let expiresAt: Timestamp

    init(_ cart: Cart, at now: Timestamp, in session: any SQLSession) throws {
        self.cart = cart
        let alive = try Self.reservations(of: cart, in: session).filter {
            $0.status(at: now) == .active || $0.storedStatus == .confirmed
        }
        let ids = Set(alive.map(\.id))
        reservedLines = Set(cart.lines.filter { $0.reservationID.map(ids.contains) ?? false }.map(\.id))
        let firstEnd = alive.filter { $0.storedStatus == .active }.map(\.endsAt).min()
        expiresAt = cart.storedStatus == .active ? min(cart.expiresAt, firstEnd ?? cart.expiresAt) : cart.expiresAt
        status = cart.status(at: now)
    }

    /// What holds the lines of a cart, in the order in which it was reserved.
    static func reservations(of cart: Cart, in session: any SQLSession) throws -> [Reservation] {
        try ReservationTable.find(Set(cart.lines.compactMap(\.reservationID)).sorted(), in: session)
            .sorted { $0.id < $1.id }
    }
}
