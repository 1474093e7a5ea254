import Contracts

/// Judges a world: every promise of the sale as a rule over values, without I/O.
package struct Audit: Sendable {
    private let world: AuditWorld
    private let bookingsByID: [String: BookingReconciliationEntry]
    private let chargesByBooking: [String: [PaymentReconciliationEntry]]
    private let salesByReservation: [String: [InventoryReconciliation.Sale]]

    package init(_ world: AuditWorld) {
        self.world = world
        bookingsByID = Dictionary(world.bookings.map { ($0.bookingId, $0) }, uniquingKeysWith: { first, _ in first })
        chargesByBooking = Dictionary(grouping: world.charges, by: \.bookingId)
        salesByReservation = Dictionary(grouping: world.sales, by: \.reservationId)
    }

    /// What is wrong with `world`; empty when every promise was kept.
    package static func violations(in world: AuditWorld) -> [Violation] {
        let audit = Audit(world)
        return audit.seatsSoldTwice() + audit.reservationsBookedTwice()
            + world.bookings.flatMap { audit.violations(of: $0) }
            + world.sales.flatMap { audit.violations(of: $0) }
            + world.charges.flatMap { audit.violations(of: $0) }
            + world.acknowledged.flatMap { audit.violations(of: $0) }
            + world.counters.flatMap { audit.violations(of: $0) }
            + audit.moneyViolations()
    }

    // MARK: - Seats

    private func seatsSoldTwice() -> [Violation] {
        var ticketsBySeat: [String: [String]] = [:]
        for booking in world.bookings {
            for ticket in booking.activeTickets {
                if let seat = ticket.seatNumber { ticketsBySeat[seat, default: []].append(ticket.ticketId) }
            }
        }
        var salesBySeat: [String: [String]] = [:]
        for sale in world.sales {
            for seat in sale.seatNumbers { salesBySeat[seat, default: []].append(sale.reservationId) }
        }
        return [("tickets", ticketsBySeat), ("sales", salesBySeat)].flatMap { what, bySeat in
            bySeat.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { seat, ids in
                Violation(.seatSoldTwice, [seat] + ids, "seat \(seat) has \(ids.count) \(what)")
            }
        }
    }

    private func reservationsBookedTwice() -> [Violation] {
        let standing = world.bookings.filter { $0.status == .confirmed || $0.status == .pending }
        return Dictionary(grouping: standing, by: \.reservationId)
            .filter { $0.value.count > 1 }
            .map { reservation, bookings in
                Violation(
                    .reservationBookedTwice, [reservation] + bookings.map(\.bookingId),
                    "\(bookings.count) bookings stand on one reservation")
            }
    }

    private func violations(of sale: InventoryReconciliation.Sale) -> [Violation] {
        guard let booking = bookingsByID[sale.bookingId], booking.status == .confirmed,
            booking.reservationId == sale.reservationId
        else {
            let status = bookingsByID[sale.bookingId]?.status.rawValue ?? "unknown"
            return [
                Violation(
                    .saleWithoutBooking, [sale.reservationId, sale.bookingId],
                    "inventory sold \(sale.quantity) to a booking that is \(status)")
            ]
        }
        return []
    }

    // MARK: - Bookings

    private func violations(of booking: BookingReconciliationEntry) -> [Violation] {
        switch booking.status {
        case .pending: [Violation(.neverEnded, [booking.bookingId], "the booking stays pending")]
        case .confirmed: seatViolations(of: booking) + ticketViolations(of: booking) + chargeViolations(of: booking)
        case .cancelled:
            // It was sold once: what was charged for it and what came back must be explained all the same.
            chargeViolations(of: booking) + ticketViolations(of: booking) + strayTicketViolations(of: booking)
        case .failed, .refunded: strayTicketViolations(of: booking)
        }
    }

    private func strayTicketViolations(of booking: BookingReconciliationEntry) -> [Violation] {
        guard !booking.activeTickets.isEmpty else { return [] }
        return [
            Violation(
                .ticketsWithoutBooking, [booking.bookingId] + booking.activeTickets.map(\.ticketId),
                "good tickets of a booking that is \(booking.status.rawValue)")
        ]
    }

    private func seatViolations(of booking: BookingReconciliationEntry) -> [Violation] {
        let sales = (salesByReservation[booking.reservationId] ?? []).filter { $0.bookingId == booking.bookingId }
        let sold = sales.flatMap(\.seatNumbers).sorted()
        let owned = booking.activeTickets.compactMap(\.seatNumber).sorted()
        let places = sales.reduce(0) { $0 + $1.quantity }
        guard sold != owned || places != booking.activeTickets.count else { return [] }
        return [
            Violation(
                .bookingWithoutSeats, [booking.bookingId, booking.reservationId],
                "tickets for \(booking.activeTickets.count) places, seats \(owned); "
                    + "inventory sold \(places), seats \(sold)")
        ]
    }

    private func ticketViolations(of booking: BookingReconciliationEntry) -> [Violation] {
        guard booking.tickets.count != booking.quantity else { return [] }
        return [
            Violation(
                .ticketsMissing, [booking.bookingId], "\(booking.tickets.count) tickets for \(booking.quantity) places")
        ]
    }

    private func chargeViolations(of booking: BookingReconciliationEntry) -> [Violation] {
        let captured = (chargesByBooking[booking.bookingId] ?? []).filter { $0.capturedMinorUnits != 0 }
        var violations: [Violation] = []
        if captured.count > 1 {
            violations.append(
                Violation(
                    .chargedTwice, [booking.bookingId] + captured.map(\.chargeKey),
                    "\(captured.count) charges were captured for one booking"))
        }
        let paid = captured.first { $0.chargeKey == booking.chargeKey }
        let isExact =
            booking.totalMinorUnits == 0
            ? captured.isEmpty
            : paid?.capturedMinorUnits == booking.totalMinorUnits && paid?.currency == booking.currency
        if !isExact {
            violations.append(
                Violation(
                    .bookingWithoutCharge, [booking.bookingId, booking.chargeKey],
                    "costs \(booking.totalMinorUnits) \(booking.currency), "
                        + "captured \(paid?.capturedMinorUnits ?? 0) \(paid?.currency ?? "")"))
        }
        return violations
    }

    // MARK: - Charges

    private func violations(of charge: PaymentReconciliationEntry) -> [Violation] {
        var violations: [Violation] = []
        func report(_ kind: Violation.Kind, _ detail: String) {
            violations.append(Violation(kind, [charge.chargeKey, charge.bookingId], detail))
        }
        if charge.state == .pending { report(.neverEnded, "the charge stays pending") }
        if charge.captures > 1 { report(.chargedTwice, "captured \(charge.captures) times") }
        if (charge.state == .captured) != (charge.captures > 0) {
            report(.chargeStateWrong, "\(charge.state.rawValue) with \(charge.captures) captures")
        }
        let booking = bookingsByID[charge.bookingId]
        let refunded = charge.refundedMinorUnits
        if refunded > charge.capturedMinorUnits {
            report(.refundWithoutReason, "refunded \(refunded) of \(charge.capturedMinorUnits)")
        } else if let booking, booking.wasSold, refunded > booking.cancelledMinorUnits {
            report(
                .refundWithoutReason, "refunded \(refunded), cancelled tickets cost \(booking.cancelledMinorUnits)")
        }
        let due = booking?.standingMinorUnits ?? 0
        if charge.keptMinorUnits > due {
            report(
                .paidWithoutBooking,
                "\(charge.keptMinorUnits) \(charge.currency) kept, the booking is "
                    + "\(booking?.status.rawValue ?? "unknown") with tickets for \(due)")
        }
        return violations
    }

    private func moneyViolations() -> [Violation] {
        var kept: [String: Int64] = [:]
        for charge in world.charges { kept[charge.currency, default: 0] += charge.keptMinorUnits }
        var owed: [String: Int64] = [:]
        for booking in world.bookings { owed[booking.currency, default: 0] += booking.standingMinorUnits }
        return Set(kept.keys).union(owed.keys).sorted().compactMap { currency in
            let (kept, owed) = (kept[currency] ?? 0, owed[currency] ?? 0)
            guard kept != owed else { return nil }
            return Violation(
                .moneyDoesNotAddUp, [currency], "kept \(kept) \(currency), good tickets cost \(owed)")
        }
    }

    // MARK: - What buyers were told

    private func violations(of told: AcknowledgedBooking) -> [Violation] {
        guard let booking = bookingsByID[told.bookingID] else {
            return [Violation(.acknowledgedLost, [told.bookingID], "the booking is not there")]
        }
        guard booking.status == (told.isCancelled ? .cancelled : .confirmed) else {
            return [Violation(.acknowledgedLost, [told.bookingID], "the booking is \(booking.status.rawValue)")]
        }
        let seats = booking.activeTickets.compactMap(\.seatNumber).sorted()
        guard seats == told.seatNumbers.sorted() else {
            return [
                Violation(
                    .acknowledgedLost, [told.bookingID], "told of seats \(told.seatNumbers.sorted()), has \(seats)")
            ]
        }
        return []
    }

    // MARK: - Counters

    private func violations(of counters: InventoryReconciliation.Counters) -> [Violation] {
        let id = counters.ticketTypeId
        let stock = counters.stock
        let tickets = world.bookings.lazy.filter { $0.status == .confirmed }
            .reduce(0) { $0 + $1.activeTickets.count { $0.ticketTypeId == id } }
        let sales = world.sales.lazy.filter { $0.ticketTypeId == id }.reduce(0) { $0 + $1.quantity }
        var pairs = [
            ("sold", stock.sold, "confirmed reservations", counters.soldByReservations),
            ("sold", stock.sold, "sales", sales),
            ("sold", stock.sold, "good tickets", tickets),
            ("reserved", stock.reserved, "active reservations", counters.heldByReservations),
        ]
        if counters.seatsTotal > 0 {
            pairs += [
                ("sold", stock.sold, "sold seats", counters.seatsSold),
                ("reserved", stock.reserved, "reserved seats", counters.seatsReserved),
                ("total", stock.total, "seats", counters.seatsTotal),
            ]
        }
        var violations = pairs.filter { $0.1 != $0.3 }.map { counter, value, what, counted in
            Violation(.countersWrong, [id], "\(counter) says \(value), there are \(counted) \(what)")
        }
        if stock.available < 0 || min(stock.reserved, stock.sold, stock.blocked) < 0 {
            violations.append(
                Violation(
                    .oversold, [id],
                    "reserved \(stock.reserved) + sold \(stock.sold) + blocked \(stock.blocked) of \(stock.total)"))
        }
        return violations
    }
}
