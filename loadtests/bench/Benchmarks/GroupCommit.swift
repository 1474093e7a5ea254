import Contracts
import DatabaseKit
import Logging
import Synchronization
import TestSupport

/// P5: many callers sharing a commit beside each having its own, on SQLite with full durability.
struct GroupCommit: Benchmark {
    let id = "P5"
    let summary = "64 callers sharing commits against a transaction each, SQLite with synchronous=FULL"

    private static let grouped = "group commit"
    private static let alone = "a transaction each"
    private static let callers = 64

    var comparisons: [Comparison] {
        [
            Comparison(
                "durable writes (2 updates, 1 insert) per s", .init(Self.grouped, .rate), to: .init(Self.alone, .rate),
                .atLeast(8)),
            Comparison(
                "CPU, µs a write", .init(Self.grouped, .cpu("client")), to: .init(Self.alone, .cpu("client"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        let folder = try TemporaryDirectory("group-commit")
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        var alone = SQLiteConfiguration(name: "alone", logger: logger)
        alone.batchMax = 1
        let shared = SQLiteConfiguration(name: "grouped", logger: logger)
        let stores = [
            try await ReservationLikeStore(path: folder.file("grouped.sqlite"), shared),
            try await ReservationLikeStore(path: folder.file("alone.sqlite"), alone),
        ]
        let result: Result<Void, any Error>
        do {
            try await rounds.measure([
                Contender(Self.grouped) { try await Self.load(stores[0], $0) },
                Contender(Self.alone) { try await Self.load(stores[1], $0) },
            ])
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for store in stores { await store.close() }
        try result.get()
    }

    private static func load(_ store: ReservationLikeStore, _ options: RunOptions) async throws -> Sample {
        try await TaskLoad.measure(tasks: callers, options) { _ in try await store.reserve() }
    }
}

/// The least that reserving two seats writes: two conditional updates and a row, nothing read, nothing checked.
private final class ReservationLikeStore: Sendable {
    private let database: SQLiteDatabase
    private let nextSeat = Atomic<Int>(0)

    private static let seats = 100_000
    private static let seatsPerInsert = 400

    private static let schema = Migration(number: 1, name: "seats") { dialect in
        [
            "CREATE TABLE seats (seat BIGINT NOT NULL PRIMARY KEY, holder TEXT, version BIGINT NOT NULL DEFAULT 0) "
                + dialect.keyOrdered,
            "CREATE TABLE holds (hold_id TEXT NOT NULL PRIMARY KEY, first BIGINT NOT NULL, ends_at BIGINT NOT NULL) "
                + dialect.keyOrdered,
        ]
    }

    init(path: String, _ configuration: SQLiteConfiguration) async throws {
        database = try SQLiteDatabase(path: path, configuration: configuration)
        try await database.migrate([Self.schema])
        try await database.write { session in
            for start in stride(from: 0, to: Self.seats, by: Self.seatsPerInsert) {
                let rows = (start..<min(start + Self.seatsPerInsert, Self.seats)).map { "(\($0))" }
                try session.execute("INSERT INTO seats (seat) VALUES \(rows.joined(separator: ","))")
            }
        }
    }

    func reserve() async throws {
        let first = 2 * nextSeat.wrappingAdd(1, ordering: .relaxed).oldValue % Self.seats
        let now = SystemClock().now()
        let id = UUIDv7.make(at: now)
        try await database.write { session in
            for seat in [first, first + 1] {
                try session.execute(
                    "UPDATE seats SET holder = $2, version = version + 1 WHERE seat = $1 AND version >= 0", seat, id)
            }
            try session.execute(
                "INSERT INTO holds (hold_id, first, ends_at) VALUES ($1, $2, $3)", id, first, now + .seconds(600))
        }
    }

    func close() async { await database.close() }
}
