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

    /// Whether nothing is under way any more: no open saga, no open charge, no money still on its way back, no places of
    /// cancelled tickets still sold.
    package var isSettled: Bool {
        let standing = Dictionary(
            bookings.map { ($0.bookingId, $0.standingMinorUnits) }, uniquingKeysWith: { first, _ in first })
        let soldPlaces = sales.reduce(0) { $0 + $1.quantity }
        let ticketedPlaces = bookings.reduce(0) { $0 + ($1.status == .confirmed ? $1.activeTickets.count : 0) }
        return !bookings.contains { $0.status == .pending }
            && !charges.contains { $0.state == .pending }
            && !charges.contains { $0.keptMinorUnits > standing[$0.bookingId, default: 0] }
            && soldPlaces <= ticketedPlaces
    }
}

/// A booking that a buyer was told is confirmed, or cancelled since then.
package struct AcknowledgedBooking: Sendable, Hashable {
    package let bookingID: String
    /// The seats that are left of it; empty for general admission.
    package let seatNumbers: [String]
    /// Whether the buyer was told that all of it is cancelled.
    package let isCancelled: Bool

    package init(bookingID: String, seatNumbers: [String], isCancelled: Bool = false) {
        self.bookingID = bookingID
        self.seatNumbers = seatNumbers
        self.isCancelled = isCancelled
    }
}

extension PaymentReconciliationEntry {
    /// What the buyer has paid and not got back.
    package var keptMinorUnits: Int64 { capturedMinorUnits - refundedMinorUnits }
}

extension BookingReconciliationEntry {
    /// The tickets that are good for a place.
    var activeTickets: [Ticket] { tickets.filter { $0.status != .cancelled } }

    /// Whether it was sold, whatever was taken back of it since.
    var wasSold: Bool { status == .confirmed || status == .cancelled }

    /// What is paid for and not taken back: the price of its good tickets.
    var standingMinorUnits: Int64 {
        status == .confirmed ? activeTickets.reduce(0) { $0 + $1.priceMinorUnits } : 0
    }

    /// The price of the tickets that were taken back.
    var cancelledMinorUnits: Int64 {
        tickets.reduce(0) { $0 + ($1.status == .cancelled ? $1.priceMinorUnits : 0) }
    }
}
