import Contracts
import ServiceKit

/// Takes over an event's rules and makes its stock, or refuses what would take places away from buyers.
///
/// New seats are made in small transactions first, so that a hall of 200,000 does not stop the sale of others; the last
/// one decides and offers them. The same rules again, after a crash in between, go on where they stopped.
struct PutEventRules: Sendable {
    let events: EventStore
    let clock: any WallClock

    private static let seatsPerTransaction = 2000
    private static let seatsMax = 200_000

    func execute(_ rules: EventRules) async throws -> RulesDecision {
        try validate(rules)
        if let settled = try await events.decision(on: rules.version, of: rules.eventId) { return settled }
        try await makeSeats(rules)
        let decision = try await events.decide(rules, at: clock.now())
        try await FaultPoint.reach("inventory.rules.decided")
        return decision
    }

    /// Makes the seats of sections that the event does not have yet.
    private func makeSeats(_ rules: EventRules) async throws {
        let known = try await events.sections(of: rules.eventId)
        // Nobody can buy of an event that is not known; of one that is, what is new must not be sold before its rules.
        let status = known == nil ? SeatStatus.available : .blocked
        var isFirst = true
        var batch: [EventStore.NewSeat] = []
        for type in rules.ticketTypes {
            for section in type.sections where known?.contains(section) != true {
                if isFirst, known != nil { try await events.deleteAbandonedSeats(of: rules.eventId) }
                isFirst = false
                for place in SeatPlan.places(of: section) {
                    batch.append(EventStore.NewSeat(ticketTypeID: type.ticketTypeId, place: place))
                    if batch.count == Self.seatsPerTransaction {
                        try await events.insert(batch, of: rules.eventId, as: status)
                        batch.removeAll(keepingCapacity: true)
                        try await FaultPoint.reach("inventory.seats.made")
                    }
                }
            }
        }
        if !batch.isEmpty { try await events.insert(batch, of: rules.eventId, as: status) }
    }

    /// Refuses what a well-behaved events service never sends, because names become parts of keys and columns here.
    private func validate(_ rules: EventRules) throws {
        var errors: [FieldError] = []
        if !UUIDv7.isWellFormed(rules.eventId) { errors.append(FieldError("eventId", "must be a UUID")) }
        if rules.ticketTypes.isEmpty { errors.append(FieldError("ticketTypes", "must not be empty")) }
        var seats = 0
        var names: Set<String> = []
        for (index, type) in rules.ticketTypes.enumerated() {
            let path = "ticketTypes[\(index)]"
            if !UUIDv7.isWellFormed(type.ticketTypeId) {
                errors.append(FieldError("\(path).ticketTypeId", "must be a UUID"))
            }
            if Currency(code: type.currency) == nil { errors.append(FieldError("\(path).currency", "is not known")) }
            guard type.sections.allSatisfy(Self.isSound) else {
                errors.append(
                    FieldError("\(path).sections", "need a plain name and 1 to 1,000 rows of 1 to 1,000 seats"))
                continue
            }
            let places = type.sections.reduce(0) { $0 + $1.seats }
            if type.seating == .reserved, places != type.capacity {
                errors.append(FieldError("\(path).capacity", "must be the number of seats"))
            }
            if !type.sections.allSatisfy({ names.insert($0.name).inserted }) {
                errors.append(FieldError("\(path).sections", "must be named once in an event"))
            }
            seats += places
        }
        if seats > Self.seatsMax { errors.append(FieldError("ticketTypes", "must not have more than 200,000 seats")) }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
    }

    private static func isSound(_ section: EventRules.Section) -> Bool {
        (1...1000).contains(section.rows) && (1...1000).contains(section.seatsPerRow) && section.firstOrdinal >= 0
            && section.firstOrdinal < Int64(Int32.max) && !section.name.isEmpty && section.name.utf8.count <= 80
            && section.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == " " }
    }
}
