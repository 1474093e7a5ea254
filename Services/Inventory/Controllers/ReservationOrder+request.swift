import Contracts
import ServiceKit

extension ReservationOrder {
    private static let waitMillisecondsMax = 10_000

    /// Checks the form of a request and folds repeated seats.
    ///
    /// - Throws: ``Problem`` with status 422 that names every field at fault.
    init(_ request: ReservationRequest, userID: String) throws(Problem) {
        var errors: [FieldError] = []
        if !UUIDv7.isWellFormed(request.eventId) { errors.append(FieldError("eventId", "must be an event's id")) }
        if let waitMs = request.waitMs, !(0...Self.waitMillisecondsMax).contains(waitMs) {
            errors.append(FieldError("waitMs", "must be from 0 to \(Self.waitMillisecondsMax)"))
        }
        if let notes = request.notes, notes.unicodeScalars.count > 500 {
            errors.append(FieldError("notes", "must have at most 500 characters"))
        }
        errors += Self.errors(in: request.customer)
        let selection = Self.selection(of: request, errors: &errors)
        guard let selection, errors.isEmpty else { throw .invalid(errors) }
        self.init(
            eventID: request.eventId, userID: userID, selection: selection, customer: request.customer,
            notes: request.notes)
    }

    private static func selection(of request: ReservationRequest, errors: inout [FieldError]) -> Selection? {
        let given = [request.seatNumbers != nil, request.items != nil, request.bestAvailable != nil]
        guard given.filter({ $0 }).count == 1 else {
            errors.append(
                FieldError("seatNumbers", "give exactly one of seatNumbers, items and bestAvailable"))
            return nil
        }
        if let seats = request.seatNumbers { return .seats(checked(seats, &errors)) }
        if let items = request.items { return .items(checked(items, &errors)) }
        guard let best = request.bestAvailable else { return nil }
        check(best.quantity, "bestAvailable.quantity", &errors)
        return .bestAvailable(ticketTypeID: best.ticketTypeId, section: best.section, quantity: best.quantity)
    }

    private static func checked(_ seats: [String], _ errors: inout [FieldError]) -> [String] {
        let numbers = Set(seats).sorted()
        if !(1...quantityMax).contains(numbers.count) {
            errors.append(FieldError("seatNumbers", "must name at least one seat and not more than an order may have"))
        }
        let faults = seats.indices.lazy.filter { !isSeatNumber(seats[$0]) }.prefix(Problem.fieldErrorsMax)
        errors += faults.map { FieldError("seatNumbers[\($0)]", "must be a seat number such as A-1-12") }
        return numbers
    }

    /// Whether a seat may be called `text`: what else a name has could not be locked.
    static func isSeatNumber(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "{") && byte != UInt8(ascii: "}")
            }
    }

    private static func checked(_ items: [ReservationRequest.Item], _ errors: inout [FieldError]) -> [Item] {
        if !(1...50).contains(items.count) {
            errors.append(FieldError("items", "must have 1 to 50 entries"))
            return []
        }
        if Set(items.map(\.ticketTypeId)).count != items.count {
            errors.append(FieldError("items", "must name each ticket type once"))
        }
        for (index, item) in items.enumerated() {
            check(item.quantity, "items[\(index)].quantity", &errors)
        }
        return items.map { Item(ticketTypeID: $0.ticketTypeId, quantity: $0.quantity) }
    }

    private static func check(_ quantity: Int, _ field: String, _ errors: inout [FieldError]) {
        if !(1...quantityMax).contains(quantity) {
            errors.append(FieldError(field, "must be at least 1 and not more than an order may have"))
        }
    }

    private static func errors(in customer: CustomerDocument?) -> [FieldError] {
        let limits: [(String, String?, Int)] = [
            ("customer.name", customer?.name, 100), ("customer.email", customer?.email, 200),
            ("customer.phone", customer?.phone, 20),
        ]
        return limits.compactMap { field, text, max in
            (text?.unicodeScalars.count ?? 0) > max ? FieldError(field, "must have at most \(max) characters") : nil
        }
    }
}
