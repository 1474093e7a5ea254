import Contracts
import ServiceKit

extension ReservationOrder {
    private static let ticketsMax = 10

    /// Checks the form of a request for a quantity of tickets.
    ///
    /// - Throws: ``Problem`` with status 422 that names every field at fault.
    init(_ request: TicketReservationRequest, userID: String) throws(Problem) {
        var errors: [FieldError] = []
        if !UUIDv7.isWellFormed(request.eventId) { errors.append(FieldError("eventId", "must be an event's id")) }
        if !UUIDv7.isWellFormed(request.ticketTypeId) {
            errors.append(FieldError("ticketTypeId", "must be a ticket type's id"))
        }
        if !(1...Self.ticketsMax).contains(request.quantity) {
            errors.append(FieldError("quantity", "must be from 1 to \(Self.ticketsMax)"))
        }
        if request.customerName.isEmpty || request.customerName.unicodeScalars.count > 100 {
            errors.append(FieldError("customerName", "must have 1 to 100 characters"))
        }
        if EmailAddress(request.customerEmail) == nil {
            errors.append(
                FieldError("customerEmail", "must be an email address of at most \(EmailAddress.lengthMax) characters"))
        }
        if (request.customerPhone?.unicodeScalars.count ?? 0) > 20 {
            errors.append(FieldError("customerPhone", "must have at most 20 characters"))
        }
        if (request.notes?.unicodeScalars.count ?? 0) > 500 {
            errors.append(FieldError("notes", "must have at most 500 characters"))
        }
        guard errors.isEmpty else { throw .invalid(errors) }
        self.init(
            eventID: request.eventId, userID: userID,
            selection: .items([Item(ticketTypeID: request.ticketTypeId, quantity: request.quantity)]),
            door: .tickets,
            customer: CustomerDocument(
                name: request.customerName, email: request.customerEmail, phone: request.customerPhone),
            notes: request.notes)
    }
}

extension Reservation {
    /// The answer to the request that made the reservation.
    func ticketReply(at now: Timestamp) -> TicketReservationReply {
        TicketReservationReply(
            reservationId: ticketing?.reference ?? id, ticketNumbers: ticketing?.ticketNumbers ?? [],
            expiresAt: expiresAt, totalPrice: total.amount, timeRemaining: timeRemaining(at: now))
    }

    /// The reservation as a quantity of tickets, as its buyer sees it at `now`.
    func ticketDocument(at now: Timestamp) -> TicketReservationDocument {
        let price = lines.first.map { Money(minorUnits: $0.unitPriceMinorUnits, currency: currency) }
        return TicketReservationDocument(
            reservationId: ticketing?.reference ?? id, eventId: eventID,
            ticketTypeId: lines.first?.ticketTypeID ?? "", quantity: quantity, customer: customer,
            pricePerTicket: (price ?? total).amount, totalPrice: total.amount, reservedAt: reservedAt,
            expiresAt: expiresAt, notes: notes, ticketNumbers: ticketing?.ticketNumbers ?? [],
            isExpired: status(at: now) == .expired, timeRemaining: timeRemaining(at: now))
    }

    /// What remains of the hold at `now`, as `hh:mm:ss` rounded up; zero when it ended.
    private func timeRemaining(at now: Timestamp) -> String {
        guard status(at: now) == .active else { return "00:00:00" }
        let seconds = ((endsAt - now).wholeMilliseconds + 999) / 1000
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Self.twoDigits).joined(separator: ":")
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
