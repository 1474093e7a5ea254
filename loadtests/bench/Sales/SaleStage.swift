import Checker
import Contracts
import Foundation
import HTTPKit
import LoadKit
import NIOCore
import TestSupport

/// All of Holdfast as real processes, and sales to load it with.
struct SaleStage: Sendable {
    let stack: HoldfastStack
    /// The first process of the PostgreSQL server, where the services have one.
    private let postgres: pid_t?

    private static let buyers = 10_000
    private static let buyersPerBatch = 2_000
    /// More than any machine sells; what is left over only takes room.
    private static let salesPerSecondMax = 16_000.0
    private static let seatsMax = 200_000
    private static let standingPlaces = 1_000_000
    /// What an administrator of a small server sets; everything else is as it comes, durability above all.
    static let postgresSettings = ["shared_buffers": "256MB", "max_wal_size": "4GB"]
    private static let withDatabases: [ServiceName] = [.auth, .events, .inventory, .booking, .payment]

    /// Runs `body` on a stack of its own, which is gone afterwards.
    static func with<Value: Sendable>(
        _ database: StageDatabase = .sqlite, _ body: (SaleStage) async throws -> Value
    ) async throws -> Value {
        var options = StackOptions()
        // As deploy/run has it: what Redis forgets in a crash costs latency, never a sale.
        options.redisArguments = ["--appendfsync", "everysec"]
        guard database == .postgres else {
            return try await HoldfastStack.with(options) { try await body(SaleStage(stack: $0, postgres: nil)) }
        }
        let cluster = try await PrivatePostgres.start(.init(synchronous: true, settings: postgresSettings))
        defer { cluster.stop() }
        for service in withDatabases {
            options.services[service, default: [:]]["DATABASE_URL"] = cluster.url(try await cluster.createDatabase())
        }
        let server = try await cluster.processIdentifier()
        return try await HoldfastStack.with(options) { try await body(SaleStage(stack: $0, postgres: server)) }
    }

    /// Seats and buyers for one measurement, fresh ones, so that every measurement meets the same state.
    func newSale(_ options: RunOptions, of kind: OrderKind = .seats(2), keyed: Bool = false) async throws -> Sale {
        let admin = try await stack.admin()
        let seconds = (options.warmUp + options.duration) / .seconds(1) + 1
        let orders = Int(seconds * Self.salesPerSecondMax)
        let bodies: [String]
        switch kind {
        case .seats(let count):
            let hall = LoadHall(seats: min(Self.seatsMax, count * orders))
            let event = try await admin.createEvent(hall.event("Benchmark", now: SystemClock().now()))
            bodies = ReservationRequests.bodies(
                eventID: event.id, seatNumbers: hall.seatNumbers, seatsPerOrder: count)
        case .best(let count):
            let hall = LoadHall(seats: min(Self.seatsMax, count * orders))
            let event = try await admin.createEvent(hall.event("Benchmark", now: SystemClock().now()))
            bodies = Self.repeated(event, count, hall.seatNumbers.count / count)
        case .general(let count):
            let event = try await admin.createEvent(Self.standing)
            bodies = Self.repeated(event, count, min(orders, Self.standingPlaces / count))
        }
        return Sale(bodies: bodies, tokens: try await buyers(), gateway: stack.gateway, keyed: keyed)
    }

    private static func repeated(_ event: EventDocument, _ quantity: Int, _ orders: Int) -> [String] {
        let typeID = event.ticketTypes.first?.id ?? ""
        let body = ReservationRequests.body(eventID: event.id, ticketTypeID: typeID, quantity: quantity)
        return Array(repeating: body, count: orders)
    }

    /// One ticket type that everybody wants.
    private static var standing: CreateEventRequest {
        CreateEventRequest(
            title: "Benchmark", eventDate: SystemClock().now() + .seconds(90 * 86_400), venue: "Field",
            ticketTypes: [
                CreateEventRequest.TicketType(
                    name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: standingPlaces)
            ])
    }

    /// The access tokens of new guests.
    func buyers() async throws -> [String] {
        let admin = try await stack.admin()
        var tokens: [String] = []
        while tokens.count < Self.buyers {
            tokens += try await admin.mintGuests(Self.buyersPerBatch).map(\.accessToken)
        }
        return tokens
    }

    /// The processes on a buyer's way.
    func meter(_ names: [ServiceName]) throws -> ProcessMeter {
        var processes: [String: pid_t] = [:]
        for name in names { processes[name.rawValue] = try stack.process(name).identifier }
        processes["redis"] = try stack.redis.processIdentifier()
        processes["postgres"] = postgres
        return ProcessMeter(processes)
    }
}
