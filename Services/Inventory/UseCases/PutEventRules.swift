import Contracts
import ServiceKit

/// Takes over an event's rules and makes its stock.
///
/// Seats are made in small transactions first, so that a hall of 200,000 does not stop the sale of others; the event
/// appears with the last one. The same rules again, after a crash in between, go on where they stopped.
struct PutEventRules: Sendable {
    let events: EventStore

    private static let seatsPerTransaction = 2000
    private static let seatsMax = 200_000

    func execute(_ rules: EventRules) async throws {
        try validate(rules)
        if let known = try await events.find(rules.eventId), known.rulesVersion >= rules.version { return }
        var batch: [EventStore.NewSeat] = []
        var ordinal: Int64 = 0
        for type in rules.ticketTypes {
            for place in type.sections.lazy.flatMap({ SeatPlan.places(of: $0) }) {
                batch.append(EventStore.NewSeat(ordinal: ordinal, ticketTypeID: type.ticketTypeId, place: place))
                ordinal += 1
                if batch.count == Self.seatsPerTransaction {
                    try await events.insert(batch, of: rules.eventId)
                    batch.removeAll(keepingCapacity: true)
                }
            }
        }
        if !batch.isEmpty { try await events.insert(batch, of: rules.eventId) }
        _ = try await events.put(rules)
    }

    /// Refuses what a well-behaved events service never sends, because names become parts of keys and columns here.
    private func validate(_ rules: EventRules) throws {
        var errors: [FieldError] = []
        if !UUIDv7.isWellFormed(rules.eventId) { errors.append(FieldError("eventId", "must be a UUID")) }
        if rules.ticketTypes.isEmpty { errors.append(FieldError("ticketTypes", "must not be empty")) }
        var seats = 0
        for (index, type) in rules.ticketTypes.enumerated() {
            let path = "ticketTypes[\(index)]"
            if !UUIDv7.isWellFormed(type.ticketTypeId) {
                errors.append(FieldError("\(path).ticketTypeId", "must be a UUID"))
            }
            if Currency(code: type.currency) == nil { errors.append(FieldError("\(path).currency", "is not known")) }
            let places = type.sections.reduce(0) { $0 + max(0, $1.rows) * max(0, $1.seatsPerRow) }
            if type.seating == .reserved, places != type.capacity {
                errors.append(FieldError("\(path).capacity", "must be the number of seats"))
            }
            if !type.sections.allSatisfy(Self.isSound) {
                errors.append(
                    FieldError("\(path).sections", "need a plain name and 1 to 1,000 rows of 1 to 1,000 seats"))
            }
            seats += places
        }
        if seats > Self.seatsMax { errors.append(FieldError("ticketTypes", "must not have more than 200,000 seats")) }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
    }

    private static func isSound(_ section: SeatSection) -> Bool {
        (1...1000).contains(section.rows) && (1...1000).contains(section.seatsPerRow)
            && !section.name.isEmpty && section.name.utf8.count <= 80
            && section.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == " " }
    }
}
