import Contracts
import DatabaseKit
import Logging
import NIOCore
import ServiceKit
import TestSupport

@testable import events

/// The events service's inside on a database of its own and an inventory in memory.
struct EventsFixture {
    let directory: TemporaryDirectory
    let database: any Database
    let clock = ManualClock()
    let stock = FakeStock()

    static let logger = {
        var logger = Logger(label: "events")
        logger.logLevel = .critical
        return logger
    }()

    static let organizer = Identity(userID: "01900000-0000-7000-8000-00000000000a", role: .user)
    static let stranger = Identity(userID: "01900000-0000-7000-8000-00000000000b", role: .user)
    static let guest = Identity(userID: "01900000-0000-7000-8000-00000000000c", role: .guest)
    static let admin = Identity(userID: "01900000-0000-7000-8000-00000000000d", role: .admin)

    static let takeoverDelay = Duration.seconds(30)

    init() async throws {
        directory = try TemporaryDirectory("events")
        database = try await TestDatabase.open(in: directory, name: "events")
        try await database.migrate(EventsMigrations.all)
    }

    /// Does `work` with a fixture that is closed afterwards.
    static func with(_ work: (EventsFixture) async throws -> Void) async throws {
        let fixture = try await EventsFixture()
        do {
            try await work(fixture)
            await fixture.database.close()
        } catch {
            await fixture.database.close()
            throw error
        }
    }

    var context: CallContext { .background(within: .seconds(10)) }
    var events: EventStore { EventStore(database: database) }
    var pushes: PushStore { PushStore(database: database) }
    var changes: ChangeStore { ChangeStore(database: database) }
    var pushRules: PushRules { PushRules(store: pushes, stock: stock, clock: clock) }
    var reader: StockReader { StockReader(stock: stock, logger: Self.logger) }
    var access: EventAccess { EventAccess(events: events) }

    var createEvent: CreateEvent {
        CreateEvent(
            events: events, pushes: pushes, pushRules: pushRules, clock: clock, logger: Self.logger,
            takeoverDelay: Self.takeoverDelay)
    }

    var readEvents: ReadEvents { ReadEvents(store: events, reader: reader, clock: clock) }

    var changeEvent: ChangeEvent {
        ChangeEvent(changes: changes, pushRules: pushRules, clock: clock, takeoverDelay: Self.takeoverDelay)
    }

    private var moveEvent: MoveEvent { MoveEvent(changeEvent: changeEvent, reader: reader, clock: clock) }
    var updateEvent: UpdateEvent { UpdateEvent(changeEvent: changeEvent, reader: reader, clock: clock) }
    var addTickets: AddTickets { AddTickets(changeEvent: changeEvent) }
    var deleteEvent: DeleteEvent { DeleteEvent(changeEvent: changeEvent) }

    func publish(_ id: String) async throws -> EventDocument {
        try await moveEvent(id, { try $0.published(at: $1) }, in: context)
    }

    func cancel(_ id: String) async throws -> EventDocument {
        try await moveEvent(id, { try $0.cancelled(at: $1) }, in: context)
    }

    func reactivate(_ id: String) async throws -> EventDocument {
        try await moveEvent(id, { try $0.reactivated(at: $1) }, in: context)
    }

    var pushPendingRules: PushPendingRules {
        PushPendingRules(store: pushes, pushRules: pushRules, clock: clock, logger: Self.logger)
    }

    /// Records that inventory agreed to what is pending of an event, without asking one.
    func applied(_ eventID: String) async throws {
        guard let pending = try await pushes.pending(eventID) else { return }
        try await pushes.record(RulesDecision(.applied), on: pending, at: clock.now())
    }

    /// Makes an event for sale.
    @discardableResult
    func create(
        _ form: EventForm? = nil, by identity: Identity = organizer, intent: String? = nil
    ) async throws -> EventDocument {
        let draft = try createEvent.check(form ?? self.form())
        return try await createEvent(draft, by: identity, intent: intent, in: context)
    }

    /// A concert with 100 places at 49.50, `days` from now.
    func form(_ title: String = "Night of the Proms", days: Int = 30) -> EventForm {
        EventForm(
            title: title, eventDate: (clock.now() + .seconds(days * 86_400)).description, venue: "Sportpaleis",
            ticketTypes: [
                EventForm.TicketType(name: "Standard", price: .init(minorUnits: 4950, decimals: 2), capacity: 100)
            ])
    }

    /// How many rows an event left behind in any table.
    func rowCount() async throws -> Int {
        try await database.read { session in
            try ["events", "ticket_types", "seat_sections"].reduce(0) { sum, table in
                try sum + (session.query("SELECT COUNT(*) FROM \(table)").first?.int(0) ?? 0)
            }
        }
    }
}

extension DecimalAmount {
    /// `text` as the wire would carry it.
    static func json(_ text: String) throws -> DecimalAmount {
        try WireJSON.decode(DecimalAmount.self, from: ByteBuffer(string: text))
    }
}
