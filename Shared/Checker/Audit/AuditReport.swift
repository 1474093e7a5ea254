import Contracts

/// What an audit looked at and what it found.
package struct AuditReport: Sendable, Codable, CustomStringConvertible {
    package let bookingsConfirmed: Int
    package let bookingsOther: Int
    package let ticketsGood: Int
    package let chargesCaptured: Int
    package let acknowledged: Int
    package let violations: [Violation]

    /// Judges `world`.
    package init(of world: AuditWorld) {
        let confirmed = world.bookings.filter { $0.status == .confirmed }
        bookingsConfirmed = confirmed.count
        bookingsOther = world.bookings.count - confirmed.count
        ticketsGood = world.bookings.reduce(0) { $0 + $1.activeTickets.count }
        chargesCaptured = world.charges.count { $0.keptMinorUnits > 0 }
        acknowledged = world.acknowledged.count
        violations = Audit.violations(in: world)
    }

    package var isClean: Bool { violations.isEmpty }

    private static let shownMax = 50

    package var description: String {
        let looked =
            "\(bookingsConfirmed) confirmed bookings (\(acknowledged) acknowledged), \(bookingsOther) others, "
            + "\(ticketsGood) tickets, \(chargesCaptured) charges"
        guard !isClean else { return "audit clean: \(looked)" }
        let shown = violations.prefix(Self.shownMax).map { "  \($0)" }
        let rest = violations.count - shown.count
        return
            (["audit FAILED: \(violations.count) violations in \(looked)"] + shown
            + (rest > 0 ? ["  and \(rest) more"] : [])).joined(separator: "\n")
    }
}
