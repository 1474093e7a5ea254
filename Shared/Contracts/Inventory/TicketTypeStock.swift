/// The counters of a ticket type: `reserved + sold <= total`, always.
package struct TicketTypeStock: Sendable, Hashable, Codable {
    package let total: Int
    package let reserved: Int
    package let sold: Int

    package init(total: Int, reserved: Int, sold: Int) {
        self.total = total
        self.reserved = reserved
        self.sold = sold
    }

    package var available: Int { total - reserved - sold }
}
