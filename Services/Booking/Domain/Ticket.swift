import Contracts

/// The right of one person to one place.
struct Ticket: Sendable, Hashable {
    let id: String
    /// Given out with the hold, or the booking's reference and the ticket's place in it.
    let number: String
    /// From 1, in the order of the purchase.
    let position: Int
    let bookingID: String
    /// Who holds it: its buyer, or the person it was passed on to.
    var userID: String
    let eventID: String
    let ticketTypeID: String
    let seatNumber: String?
    let price: Money
    var status: TicketStatus
    var customer: CustomerDocument?
    let notes: String?
    let reservedAt: Timestamp
    let purchasedAt: Timestamp
    var cancelledAt: Timestamp?
    var usedAt: Timestamp?
    /// Rises when the ticket is passed on: codes of other versions admit nobody.
    var codeVersion: Int64 = 1
}

extension Ticket {
    /// The tickets of a booking that is confirmed at `now`, one a line; none before its deal is known.
    static func make(for booking: Booking, at now: Timestamp) -> [Ticket] {
        guard let deal = booking.deal else { return [] }
        return deal.purchase.lines.enumerated().map { index, line in
            Ticket(
                id: UUIDv7.make(at: now), number: deal.purchase.ticketNumber(at: index, reference: booking.reference),
                position: index + 1,
                bookingID: booking.id, userID: booking.userID, eventID: deal.eventID,
                ticketTypeID: line.ticketTypeID, seatNumber: line.seatNumber,
                price: Money(minorUnits: line.priceMinorUnits, currency: deal.total.currency), status: .purchased,
                customer: deal.purchase.customer, notes: deal.purchase.notes, reservedAt: deal.purchase.reservedAt,
                purchasedAt: now)
        }
    }

    /// Whether it admits somebody, or did.
    var isActive: Bool { status != .cancelled }

    /// What its bearer shows at the door.
    var code: TicketCode { TicketCode(ticketID: id, version: codeVersion) }

    /// The ticket as its holder sees it.
    var document: TicketDocument {
        TicketDocument(
            ticketId: id, ticketNumber: number, bookingId: bookingID, eventId: eventID, ticketTypeId: ticketTypeID,
            seatNumber: seatNumber, price: price.amount, currency: price.currency.code, status: status,
            customer: customer, notes: notes, reservedAt: reservedAt, purchasedAt: purchasedAt,
            cancelledAt: cancelledAt, usedAt: usedAt)
    }
}
