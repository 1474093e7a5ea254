import Contracts
import DatabaseKit
import HTTPKit
import Logging
import ServiceKit
import TestSupport

@testable import inventory

/// Inventory's stores on a database of their own, with one event that has seats and general admission.
struct InventoryFixture: Sendable {
    let database: any Database
    let events: EventStore
    let reservations: ReservationStore
    let clock: ManualClock
    let timing: HoldTiming
    let directory: TemporaryDirectory
    let eventID: String
    let stallsID: String
    let standingID: String

    static let standingCapacity = 5

    init(timing: HoldTiming = HoldTiming(), rows: Int = 2, seatsPerRow: Int = 5) async throws {
        self.timing = timing
        clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
        directory = try TemporaryDirectory()
        database = try await TestDatabase.open(in: directory, name: "inventory")
        try await database.migrate(InventoryMigrations.all)
        events = EventStore(database: database)
        reservations = ReservationStore(database: database, timing: timing)
        eventID = UUIDv7.make(at: clock.now())
        stallsID = UUIDv7.make(at: clock.now())
        standingID = UUIDv7.make(at: clock.now())
        try await putRules(version: 1, rows: rows, seatsPerRow: seatsPerRow)
    }

    /// Pushes the event's rules as events would.
    @discardableResult
    func putRules(
        version: Int64, status: EventStatus = .active, rows: Int = 2, seatsPerRow: Int = 5,
        standingCapacity: Int = standingCapacity, reserveOn: ReservePolicy = .checkout,
        sections: [EventRules.Section]? = nil
    ) async throws -> RulesDecision {
        let sections =
            sections ?? [EventRules.Section(name: "A", rows: rows, seatsPerRow: seatsPerRow, firstOrdinal: 0)]
        let stalls = EventRules.TicketType(
            ticketTypeId: stallsID, name: "Stalls", priceMinorUnits: 5000, currency: "USD", seating: .reserved,
            capacity: sections.reduce(0) { $0 + $1.seats }, sections: sections,
            saleStartsAt: nil, saleEndsAt: nil, isActive: true)
        let standing = EventRules.TicketType(
            ticketTypeId: standingID, name: "Standing", priceMinorUnits: 2000, currency: "USD", seating: .general,
            capacity: standingCapacity, sections: [], saleStartsAt: nil, saleEndsAt: nil, isActive: true)
        return try await PutEventRules(events: events, clock: clock).execute(
            EventRules(
                eventId: eventID, ownerId: "owner", version: version, status: status, isActive: true,
                eventDate: clock.now() + .seconds(86_400), endDate: nil, maxPerOrder: 10, reserveOn: reserveOn,
                ticketTypes: [stalls, standing]))
    }

    /// Takes places straight through the store, as a use case would after locking.
    @discardableResult
    func reserve(
        _ selection: ReservationOrder.Selection, by userID: String = "ada", fence: Int64? = nil,
        placesPerUserMax: Int = 100, idempotency: IdempotentOrder? = nil, limits: HoldLimits? = nil
    ) async throws -> Reservation {
        let outcome = try await attempt(
            selection, by: userID, fence: fence, placesPerUserMax: placesPerUserMax, idempotency: idempotency,
            limits: limits)
        guard case .executed(let reservation, _) = outcome else { throw UnexpectedOutcome() }
        return reservation
    }

    /// The same, for tests that look at the outcome.
    func attempt(
        _ selection: ReservationOrder.Selection, by userID: String = "ada", fence: Int64? = nil,
        placesPerUserMax: Int = 100, idempotency: IdempotentOrder? = nil, limits: HoldLimits? = nil,
        deadline: Deadline? = nil
    ) async throws -> KeyedOutcome<Reservation> {
        try await reservations.reserve(
            ReserveTransaction(
                id: UUIDv7.make(at: clock.now()),
                order: ReservationOrder(
                    eventID: eventID, userID: userID, selection: selection, customer: nil, notes: nil),
                customerJSON: nil,
                limits: limits ?? HoldLimits(timing: timing, placesPerUserMax: placesPerUserMax), fence: fence,
                keyed: KeyedTransaction(order: idempotency, now: clock.now(), deadline: deadline) {
                    try StoredReply(status: 201, json: $0.document(at: $0.reservedAt))
                }))
    }

    /// The counters of a ticket type as a buyer sees them now.
    func stock(of typeID: String) async throws -> TicketTypeStock? {
        try await events.stock(of: [eventID], at: clock.now()).first?.ticketTypes[typeID]
    }

    struct UnexpectedOutcome: Error {}
}

extension HoldLimits {
    /// The limits of a process of its own.
    init(_ fixture: InventoryFixture) {
        self.init(timing: fixture.timing, placesPerUserMax: 100)
    }
}
