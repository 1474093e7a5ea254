package import Contracts

/// Everything an audit of one event looks at, as values: what three services say and what buyers were told.
package struct AuditWorld: Sendable {
    /// What inventory counts, for each ticket type.
    package var counters: [InventoryReconciliation.Counters]
    /// What inventory sold, seat by seat.
    package var sales: [InventoryReconciliation.Sale]
    /// Every booking of the event, whatever became of it.
    package var bookings: [BookingReconciliationEntry]
    /// Every charge of those bookings and of the buyers who are known.
    package var charges: [PaymentReconciliationEntry]
    /// The bookings that buyers were told are theirs.
    package var acknowledged: [AcknowledgedBooking]

    package init(
        counters: [InventoryReconciliation.Counters] = [], sales: [InventoryReconciliation.Sale] = [],
        bookings: [BookingReconciliationEntry] = [], charges: [PaymentReconciliationEntry] = [],
        acknowledged: [AcknowledgedBooking] = []
    ) {
        self.counters = counters
        self.sales = sales
        self.bookings = bookings
        self.charges = charges
        self.acknowledged = acknowledged
    }

    /// Whether nothing is under way any more: no open saga, no open charge, no money still on its way back.
    package var isSettled: Bool {
        let confirmed = Set(bookings.lazy.filter { $0.status == .confirmed }.map(\.bookingId))
        return !bookings.contains { $0.status == .pending }
            && !charges.contains { $0.state == .pending }
            && !charges.contains { !confirmed.contains($0.bookingId) && $0.keptMinorUnits > 0 }
    }
}

/// A booking that a buyer was told is confirmed.
package struct AcknowledgedBooking: Sendable, Hashable {
    package let bookingID: String
    /// Empty for general admission.
    package let seatNumbers: [String]

    package init(bookingID: String, seatNumbers: [String]) {
        self.bookingID = bookingID
        self.seatNumbers = seatNumbers
    }
}

extension PaymentReconciliationEntry {
    /// What the buyer has paid and not got back.
    package var keptMinorUnits: Int64 { capturedMinorUnits - refundedMinorUnits }
}

extension BookingReconciliationEntry {
    /// The tickets that are good for a place.
    var activeTickets: [Ticket] { tickets.filter { $0.status != .cancelled } }
}
