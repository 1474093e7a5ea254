import Checker
import Contracts
import LoadKit

/// The whole of a rush: makes the event and its buyers, lets them in, audits.
struct Rush: Sendable {
    private let plan: RushPlan
    private let client: APIClient
    private let credentials: AdminCredentials
    private let progress: ProgressLine
    private let state = RushState()

    init(_ plan: RushPlan, client: APIClient, admin: AdminCredentials, progress: ProgressLine) {
        self.plan = plan
        self.client = client
        self.credentials = admin
        self.progress = progress
    }

    /// How far the rush has come; tests choose by it when to break something.
    var bookingsConfirmed: Int { state.bookings }

    /// Whether every buyer has come and gone.
    var isOver: Bool { state.visitsEnded >= plan.users }

    /// Lets no further buyer in; those inside finish, and what happened is audited.
    func stop() { state.stop() }

    /// Prepares, rushes and audits.
    func run() async throws -> RushReport {
        let admin = try await signIn()
        progress.note("Creating an event of \(plan.seats) seats")
        let hall = plan.event(now: SystemClock().now())
        let key = SecureRandom.hexadecimal(bytes: 12)
        let event = try await persistence.insist { try await admin.createEvent(hall, key: key) }
        let buyers = try await BuyerMint(client: client, admin: admin, plan: plan, progress: progress).mint()
        progress.note("Letting \(buyers.count) buyers in, \(plan.concurrency) at a time")
        let began = ContinuousClock.now
        let tally = try await letIn(buyers, to: event.id)
        let took = ContinuousClock.now - began
        progress.note("Auditing")
        // The sign-in is renewed: a long rush outlives the admin's first token.
        let auditor = try await signIn()
        let audit = try await AuditReader(admin: auditor).audit(
            eventID: event.id, acknowledged: tally.acknowledged, buyers: Set(buyers.map(\.userID)),
            within: plan.settleLimit)
        return RushReport(plan: plan, eventID: event.id, took: took, tally: tally, audit: audit)
    }

    private var persistence: Persistence { Persistence(patience: plan.patience, isStopped: state.isStopped) }

    private func signIn() async throws -> APIClient {
        try await persistence.insist {
            try await client.signIn(email: credentials.email, password: credentials.password)
        }
    }

    /// The buyers come in order, `concurrency` at a time, each as soon as one before has left.
    private func letIn(_ buyers: [Buyer], to eventID: String) async throws -> RushTally {
        let pool = SeatPool(windowSize: plan.concurrency * plan.seatsPerOrder) { [client, persistence] in
            try await Self.look(at: eventID, client, persistence)
        }
        let reporting = Task { [progress, state, plan] in
            await progress.follow { state.line(of: plan) }
        }
        defer { reporting.cancel() }
        return try await withThrowingTaskGroup(of: RushTally.self) { group in
            for _ in 0..<min(plan.concurrency, buyers.count) {
                group.addTask {
                    var tally = RushTally()
                    while !state.isStopped() {
                        let index = state.nextInLine()
                        guard index < buyers.count else { break }
                        let payment = plan.payment(ofBuyer: index)
                        try await visit(by: buyers[index], paying: payment, to: eventID, pool, &tally)
                    }
                    return tally
                }
            }
            return try await group.reduce(into: RushTally()) { $0.add($1) }
        }
    }

    private func visit(
        by buyer: Buyer, paying payment: PaymentMethod, to eventID: String, _ pool: SeatPool, _ tally: inout RushTally
    ) async throws {
        let visit = BuyerVisit(
            client: client.with(accessToken: buyer.accessToken), eventID: eventID, payment: payment, plan: plan,
            pool: pool, persistence: persistence)
        let seatsBefore = tally.seatsBought
        let outcome = try await visit.run(&tally)
        tally.outcomes[outcome, default: 0] += 1
        state.left(outcome, seats: tally.seatsBought - seatsBefore)
    }

    /// What is free, from the seat list; whether more may come, from the counters.
    private static func look(
        at eventID: String, _ client: APIClient, _ persistence: Persistence
    ) async throws -> SeatPool.Look {
        var retries = 0
        let list = try await persistence.send(retries: &retries) {
            try await client.send("GET", "/api/inventory/events/\(eventID)/seats")
        }
        guard let list else { return .allHeld }
        let seats = try list.value([SeatDocument].self).map(\.seatNumber)
        if !seats.isEmpty { return .seats(seats) }
        let counters = try await persistence.send(retries: &retries) {
            try await client.send("GET", "/api/events/\(eventID)/availability")
        }
        guard let counters else { return .allHeld }
        let types = try counters.value(AvailabilityDocument.self).ticketTypes
        return types.allSatisfy { $0.soldQuantity == $0.totalQuantity } ? .soldOut : .allHeld
    }
}
