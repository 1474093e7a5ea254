import Contracts
import DatabaseKit
import Logging
import ServiceKit
import Synchronization
import TestSupport

@testable import inventory

/// The real stores and use cases of two replicas on one database, on which histories are played.
struct ModelStage: Sendable {
    /// What one process has of its own.
    struct Replica: Sendable {
        let database: any Database
        let events: EventStore
        let reservations: ReservationStore
        let carts: CartStore
        let limits: HoldLimits

        init(_ database: any Database) {
            self.database = database
            events = EventStore(database: database)
            reservations = ReservationStore(database: database, timing: SaleModel.timing)
            limits = HoldLimits(timing: SaleModel.timing, placesPerUserMax: ModelHall.placesPerUserMax)
            carts = CartStore(database: database, limits: limits)
        }
    }

    let replicas: [Replica]
    let clock: ManualClock
    private let directory: TemporaryDirectory
    private let databases: [any Database]

    /// Two processes where the database allows it, else two of everything in one.
    init() async throws {
        directory = try TemporaryDirectory()
        clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
        let url = try await TestDatabase.makeURL(in: directory, name: "model")
        var databases = [try await TestDatabase.open(url, name: "model")]
        try await databases[0].migrate(InventoryMigrations.all)
        if TestDatabase.current == .postgres { databases.append(try await TestDatabase.open(url, name: "model")) }
        self.databases = databases
        replicas = [Replica(databases[0]), Replica(databases[databases.count - 1])]
    }

    func close() async {
        for database in databases { await database.close() }
    }
}

/// One history on a stage: what the operations made, and the short numbers that ids have in outcomes.
final class ModelPlay: Sendable {
    private struct Names {
        /// The reservation that an operation was answered with.
        var made: [Int: String] = [:]
        var numbers: [String: Int] = [:]
        var reservations: Set<String> = []
    }

    let stage: ModelStage
    let hall: ModelHall
    private let names = Mutex(Names())

    init(_ stage: ModelStage, reserveOn: ReservePolicy) async throws {
        self.stage = stage
        hall = ModelHall(at: stage.clock.now(), reserveOn: reserveOn)
        _ = try await putRules(version: 1, standing: ModelHall.standingCapacity, isCancelled: false, on: 0)
    }

    /// People of one history are not those of another.
    func user(_ person: Int) -> String { "\(ModelHall.people[person])-\(hall.eventID)" }

    /// The id of the reservation that an operation made; that of none when it made none.
    func id(madeBy operation: Int) -> String {
        names.withLock { $0.made[operation] } ?? UUIDv7.make(at: stage.clock.now())
    }

    /// The number of the same; nil when it made none.
    func number(madeBy operation: Int) -> Int? {
        names.withLock { names in names.made[operation].flatMap { names.numbers[$0] } }
    }

    /// The number of a reservation, which an operation was answered with.
    func number(_ reservationID: String, from operation: Int) -> Int {
        names.withLock { names in
            names.reservations.insert(reservationID)
            names.made[operation] = reservationID
        }
        return number(reservationID)
    }

    /// The number of anything that has an id.
    func number(_ id: String) -> Int {
        names.withLock { names in
            if let known = names.numbers[id] { return known }
            names.numbers[id] = names.numbers.count + 1
            return names.numbers.count
        }
    }

    /// All reservations that were heard of.
    var reservationIDs: Set<String> { names.withLock { $0.reservations } }

    func putRules(version: Int64, standing: Int, isCancelled: Bool, on replica: Int) async throws -> RulesDecision {
        try await PutEventRules(events: stage.replicas[replica].events, clock: stage.clock).execute(
            hall.rules(
                version: version, status: isCancelled ? .cancelled : .active, standing: standing,
                at: stage.clock.now()))
    }
}

/// Gives every attempt the fence that its history says, and keeps nobody away: the database alone decides.
struct GivenFence: SeatLocks {
    let fence: Int64

    func withLocks<Result: Sendable>(
        on numbers: [String], of eventID: String, waitAtMost: Duration?,
        _ body: @Sendable (_ fence: Int64?) async throws -> Result
    ) async throws -> Result {
        try await body(fence)
    }

    func fenceWasRefused(on numbers: [String], of eventID: String) async throws {}
}
