import Contracts
import DatabaseKit
import Hummingbird
import Logging
import ServiceKit

/// The service put together around a database and the services it calls.
struct BookingParts {
    /// How often answers that were kept long enough are looked for, and how many are forgotten at a time.
    private static let purgeInterval = Duration.seconds(60)
    private static let purgeMax = 1000

    let follow: FollowEvents
    let confirm: ConfirmBooking
    let recover: RecoverBookings
    let cancel: CancelBooking
    let recoverCancellations: RecoverCancellations
    let refundEvents: RefundCancelledEvents
    private let configuration: BookingConfiguration
    private let environment: ServiceEnvironment
    private let database: any Database
    private let neighbours: BookingNeighbours
    private let sagas: SagaStore
    private let events: KnownEvents
    private let tickets: TicketStore

    init(
        _ configuration: BookingConfiguration, _ environment: ServiceEnvironment, _ database: any Database,
        _ neighbours: BookingNeighbours
    ) {
        self.configuration = configuration
        self.environment = environment
        self.database = database
        self.neighbours = neighbours
        let (clock, logger, timing) = (environment.clock, environment.logger, configuration.timing)
        let process = SecureRandom.hexadecimal(bytes: 8)
        sagas = SagaStore(database: database, clock: clock)
        tickets = TicketStore(database: database, clock: clock)
        let copies = EventCopyStore(database: database)
        events = KnownEvents(store: copies, feed: neighbours.events)
        follow = FollowEvents(store: copies, feed: neighbours.events, clock: clock, logger: logger)

        let effects = SagaEffects(
            reservations: neighbours.reservations, charges: neighbours.charges, clock: clock, timing: timing,
            logger: logger)
        let runner = SagaRunner(
            effects: effects, store: sagas, clock: clock, timing: timing, logger: logger, reach: SagaPoint.faults)
        confirm = ConfirmBooking(
            store: sagas, reservations: neighbours.reservations, runner: runner, clock: clock, timing: timing,
            process: process)
        recover = RecoverBookings(
            store: sagas, runner: runner, clock: clock, timing: timing, process: process,
            batchMax: configuration.recoveryBatchMax, concurrencyMax: configuration.recoveryConcurrencyMax,
            logger: logger)

        let cancellations = CancellationStore(database: database, clock: clock)
        let cancelling = CancellationRunner(
            store: cancellations, charges: neighbours.charges, sales: neighbours.sales, clock: clock, timing: timing,
            logger: logger, reach: CancellationPoint.faults)
        cancel = CancelBooking(
            store: cancellations, bookings: BookingStore(database: database), events: events, runner: cancelling,
            clock: clock, timing: timing, process: process)
        recoverCancellations = RecoverCancellations(
            store: cancellations, runner: cancelling, timing: timing, process: process,
            batchMax: configuration.recoveryBatchMax, concurrencyMax: configuration.recoveryConcurrencyMax,
            logger: logger)
        refundEvents = RefundCancelledEvents(
            jobs: EventRefundStore(database: database, clock: clock), cancellations: cancellations,
            recover: recoverCancellations, sales: neighbours.sales, clock: clock, timing: timing, process: process,
            batchMax: configuration.recoveryBatchMax, logger: logger)
    }

    /// The routes and what works beside them.
    func build() -> ServiceParts {
        ServiceParts(router: router(), services: works())
    }

    private func router() -> Router<ServiceContext> {
        let bookings = BookingStore(database: database)
        let fingerprinter = environment.fingerprinter
        let router = environment.makeRouter()
        let api = router.group("api")
        ConfirmController(confirm: confirm, fingerprinter: fingerprinter).addRoutes(to: api.group("bookings"))
        CancellationController(cancel: cancel, fingerprinter: fingerprinter).addRoutes(to: api.group("bookings"))
        ReconciliationController(store: bookings).addRoutes(to: api.group("bookings"))
        BookingController(store: bookings).addRoutes(to: api.group("bookings"))
        let codec = TicketCodec(keys: configuration.ticketKeys ?? environment.common.tokenKeys)
        TicketController(
            tickets: tickets, codec: codec,
            transfer: TransferTicket(tickets: tickets, accounts: neighbours.accounts),
            checkIn: CheckInTicket(tickets: tickets, events: events, codec: codec), fingerprinter: fingerprinter
        ).addRoutes(to: api.group("tickets"))
        PurchaseController(
            confirm: confirm,
            idempotency: IdempotentRequests(
                database: database, fingerprinter: fingerprinter, clock: environment.clock),
            fingerprinter: fingerprinter
        ).addRoutes(to: api.group("tickets"))
        AuditController(
            bookings: bookings, audit: AuditStore(database: database), refunds: refundEvents.jobs, events: events
        ).addRoutes(to: api)
        return router
    }

    /// What is left behind is looked for again and again, and answers that were kept long enough are forgotten.
    private func works() -> [RepeatedWork] {
        let interval = configuration.recoveryInterval
        return [
            work("unfinished bookings", every: interval) { [recover] in
                try await recover.execute() == recover.batchMax
            },
            work("unfinished cancellations", every: interval) { [recoverCancellations] in
                try await recoverCancellations.execute() == recoverCancellations.batchMax
            },
            work("refunds of cancelled events", every: interval) { [refundEvents] in
                try await refundEvents.execute() > 0
            },
            work("old answers", every: Self.purgeInterval) { [sagas] in
                try await sagas.purgeAnswers(limit: Self.purgeMax) == Self.purgeMax
            },
        ]
    }

    private func work(
        _ what: String, every interval: Duration, _ work: @escaping @Sendable () async throws -> Bool
    ) -> RepeatedWork {
        RepeatedWork(what: what, interval: interval, logger: environment.logger, work: work)
    }
}
