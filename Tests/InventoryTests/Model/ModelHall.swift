import Contracts

/// The event that histories are played on: small, so that everyone is in everyone's way.
struct ModelHall: Hashable, Sendable {
    struct Section: Hashable, Sendable {
        let name: String
        let rows: Int
        let seatsPerRow: Int
        /// The place of its ticket type in ``ModelHall/typeIDs``.
        let type: Int
    }

    static let sections = [
        Section(name: "A", rows: 2, seatsPerRow: 5, type: 0), Section(name: "B", rows: 1, seatsPerRow: 4, type: 0),
        Section(name: "C", rows: 2, seatsPerRow: 3, type: 1),
    ]
    static let typeNames = ["Stalls", "Balcony", "Standing"]
    static let prices: [Int64] = [5000, 3000, 2000]
    /// The place of general admission in ``ModelHall/typeIDs``.
    static let standing = 2
    static let maxPerOrder = 5
    static let placesPerUserMax = 8
    static let people = ["ada", "bob", "cyd"]
    static let standingCapacity = 6

    let eventID: String
    /// Ascending, so that places in the list order ticket types as their ids do.
    let typeIDs: [String]
    let reserveOn: ReservePolicy

    init(at now: Timestamp, reserveOn: ReservePolicy) {
        eventID = UUIDv7.make(at: now)
        typeIDs = Self.typeNames.map { _ in UUIDv7.make(at: now) }.sorted()
        self.reserveOn = reserveOn
    }

    /// All seat numbers in seat order, row by row.
    static let rows: [(section: Section, numbers: [String])] = sections.flatMap { section in
        (1...section.rows).map { row in
            (section, (1...section.seatsPerRow).map { "\(section.name)-\(row)-\($0)" })
        }
    }

    static let numbers = rows.flatMap(\.numbers)

    /// The ticket type of each seat, by its number.
    static let typeOfSeat = Dictionary(
        uniqueKeysWithValues: rows.flatMap { row in row.numbers.map { ($0, row.section.type) } })

    /// How many places a type has, `standing` of general admission.
    static func capacity(of type: Int, standing: Int) -> Int {
        type == Self.standing ? standing : typeOfSeat.values.count { $0 == type }
    }

    /// The rules as events would push them.
    func rules(version: Int64, status: EventStatus, standing: Int, at now: Timestamp) -> EventRules {
        var ordinal: Int64 = 0
        var sections: [Int: [EventRules.Section]] = [:]
        for section in Self.sections {
            sections[section.type, default: []].append(
                EventRules.Section(
                    name: section.name, rows: section.rows, seatsPerRow: section.seatsPerRow, firstOrdinal: ordinal))
            ordinal += Int64(section.rows * section.seatsPerRow)
        }
        let types = typeIDs.indices.map { type in
            EventRules.TicketType(
                ticketTypeId: typeIDs[type], name: Self.typeNames[type], priceMinorUnits: Self.prices[type],
                currency: "USD", seating: type == Self.standing ? .general : .reserved,
                capacity: Self.capacity(of: type, standing: standing), sections: sections[type] ?? [],
                saleStartsAt: nil, saleEndsAt: nil, isActive: true)
        }
        return EventRules(
            eventId: eventID, ownerId: "owner", version: version, status: status, isActive: true,
            eventDate: now + .seconds(30 * 86_400), endDate: nil, maxPerOrder: Self.maxPerOrder, reserveOn: reserveOn,
            ticketTypes: types)
    }
}
