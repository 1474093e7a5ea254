import Contracts
import Logging
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// What cancels, refunds and lets in, in the world of a fixture.
struct FixtureParts: Sendable {
    let fixture: BookingFixture
    let known: KnownEvents
    let runner: CancellationRunner
    let codec: TicketCodec
    let tickets: TicketStore

    private static let keys = KeyRing.random()

    init(_ fixture: BookingFixture, stopsAtPoints: Bool) {
        self.fixture = fixture
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        known = KnownEvents(store: EventCopyStore(database: fixture.database), feed: fixture.events)
        runner = CancellationRunner(
            store: fixture.cancellations, charges: fixture.payment, sales: fixture.inventory, clock: fixture.clock,
            timing: fixture.timing, logger: logger,
            reach: { point in if stopsAtPoints { try await fixture.pass(point.rawValue) } })
        codec = TicketCodec(keys: Self.keys)
        tickets = TicketStore(database: fixture.database, clock: fixture.clock)
    }

    var call: CallContext { .background(within: .seconds(10)) }

    private var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    func keyed(_ key: String?, by userID: String, fingerprint: String? = nil) throws -> KeyedRequest? {
        try key.map {
            KeyedRequest(scope: userID, key: try #require(IdempotencyKey($0)), fingerprint: fingerprint ?? $0)
        }
    }

    func cancel(
        _ bookingID: String, _ ticketIDs: [String]? = nil, by userID: String = "ada", key: String? = nil,
        fingerprint: String? = nil
    ) async throws -> ConfirmBooking.Answer {
        let cancel = CancelBooking(
            store: fixture.cancellations, bookings: fixture.bookings, events: known, runner: runner,
            clock: fixture.clock, timing: fixture.timing, process: "request")
        return try await cancel.execute(
            CancelBooking.Order(
                bookingID: bookingID, userID: userID, ticketIDs: ticketIDs,
                key: try keyed(key, by: userID, fingerprint: fingerprint)), call)
    }

    func recovery(_ process: String = "worker", batchMax: Int = 64) -> RecoverCancellations {
        RecoverCancellations(
            store: fixture.cancellations, runner: runner, timing: fixture.timing, process: process, batchMax: batchMax,
            concurrencyMax: 4, logger: logger)
    }

    var follow: FollowEvents {
        FollowEvents(
            store: EventCopyStore(database: fixture.database), feed: fixture.events, clock: fixture.clock,
            logger: logger)
    }

    var jobs: EventRefundStore { EventRefundStore(database: fixture.database, clock: fixture.clock) }

    /// The refunds of cancelled events, of `process`.
    func refunds(_ process: String = "refunder", batchMax: Int = 64) -> RefundCancelledEvents {
        RefundCancelledEvents(
            jobs: jobs, cancellations: fixture.cancellations, recover: recovery(process), sales: fixture.inventory,
            clock: fixture.clock, timing: fixture.timing, process: process, batchMax: batchMax, logger: logger)
    }

    func checkIn(_ code: String, by userID: String = FakeEvents.owner, key: String? = nil) async throws
        -> TicketStore.Outcome
    {
        try await CheckInTicket(tickets: tickets, events: known, codec: codec).execute(
            code, by: Identity(userID: userID, role: .user), try keyed(key, by: userID), call)
    }

    func transfer(
        _ ticketID: String, to email: String, by userID: String = "ada", key: String? = nil
    ) async throws -> TicketStore.Outcome {
        try await TransferTicket(tickets: tickets, accounts: fixture.accounts).execute(
            ticketID, to: try #require(EmailAddress(email)), by: userID, try keyed(key, by: userID), call)
    }

    /// The code of a ticket as it is now.
    func code(_ ticketID: String) async throws -> String {
        let ticket = try #require(try await tickets.ticket(ticketID))
        return try #require(codec.text(ticket.code))
    }
}

extension BookingFixture {
    /// One look of the worker that finishes cancellations.
    @discardableResult
    func recoverCancellations(stopsAtPoints: Bool = false) async throws -> Int {
        try await parts(stopsAtPoints: stopsAtPoints).recovery().execute()
    }

    /// Sells seats and places to somebody.
    func buy(
        seats: [String] = ["A-1-1", "A-1-2"], places: Int = 0, by userID: String = "ada", isFree: Bool = false
    ) async throws -> BookingStore.Found {
        let id = hold(seats: seats, places: places, by: userID, isFree: isFree)
        _ = try await confirm(id, key: "buy-\(id)", userID: userID, payment: isFree ? nil : .token("tok_visa"))
        return try #require(try await found(id).first)
    }

    /// A booking as it is now.
    func again(_ found: BookingStore.Found) async throws -> BookingStore.Found {
        try #require(try await bookings.booking(found.booking.id, of: found.booking.userID))
    }
}
