/// The counters of a ticket type: `reserved + sold + blocked <= total`, always.
package struct TicketTypeStock: Sendable, Hashable, Codable {
    package let total: Int
    package let reserved: Int
    package let sold: Int
    /// Seats that the organizer keeps back. Documents for people count them among the reserved.
    package let blocked: Int

    package init(total: Int, reserved: Int, sold: Int, blocked: Int = 0) {
        self.total = total
        self.reserved = reserved
        self.sold = sold
        self.blocked = blocked
    }

    package var available: Int { total - reserved - sold - blocked }
}
