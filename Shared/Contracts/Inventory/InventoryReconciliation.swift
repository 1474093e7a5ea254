/// An event's stock counted twice, for audits: `GET /api/inventory/reconciliation?eventId=` (admin).
///
/// Counters and rows are maintained apart, so an auditor compares them with each other and with the bookings.
package struct InventoryReconciliation: Sendable, Hashable, Codable {
    /// A seat that is sold, or a sold reservation of general admission with its quantity.
    package struct Sale: Sendable, Hashable, Codable {
        package let reservationId: String
        package let bookingId: String
        package let ticketTypeId: String
        package let seatNumbers: [String]
        package let quantity: Int

        package init(
            reservationId: String, bookingId: String, ticketTypeId: String, seatNumbers: [String], quantity: Int
        ) {
            self.reservationId = reservationId
            self.bookingId = bookingId
            self.ticketTypeId = ticketTypeId
            self.seatNumbers = seatNumbers
            self.quantity = quantity
        }
    }

    package struct Counters: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let stock: TicketTypeStock
        /// Seats of the type by what their rows say; zero for general admission.
        package let seatsSold: Int
        package let seatsReserved: Int
        package let seatsTotal: Int
        /// Places in reservations that are `Active`, expired or not.
        package let heldByReservations: Int
        /// Places in reservations that are `Confirmed`.
        package let soldByReservations: Int

        package init(
            ticketTypeId: String, stock: TicketTypeStock, seatsSold: Int, seatsReserved: Int, seatsTotal: Int,
            heldByReservations: Int, soldByReservations: Int
        ) {
            self.ticketTypeId = ticketTypeId
            self.stock = stock
            self.seatsSold = seatsSold
            self.seatsReserved = seatsReserved
            self.seatsTotal = seatsTotal
            self.heldByReservations = heldByReservations
            self.soldByReservations = soldByReservations
        }
    }

    package let eventId: String
    package let counters: [Counters]
    /// Sales after the page's start in order of reservation and ticket type; empty past the end.
    package let sales: [Sale]

    package init(eventId: String, counters: [Counters], sales: [Sale]) {
        self.eventId = eventId
        self.counters = counters
        self.sales = sales
    }
}
