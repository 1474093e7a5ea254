import DatabaseKit
import TestSupport

@testable import bench

/// P6: inventory's engine, from an order to a stored hold with its locks, beside the SQL of it alone.
///
/// Both run in this process, on its network thread like a service's requests: there is no HTTP, no token, no JSON.
struct ReservationEngine: Benchmark {
    let id = "P6"
    let summary = "64 orders of 2 seats at a time: locks and use case against their SQL alone, group-committed"

    /// The database that both run on.
    private enum Side: String, CaseIterable {
        case sqlite = "SQLite"
        case postgres = "PostgreSQL"

        var engine: String { "engine on \(rawValue)" }
        var statements: String { "SQL on \(rawValue)" }
    }

    private static let callers = 64

    var comparisons: [Comparison] {
        Side.allCases.flatMap { side in
            [
                Comparison(
                    "reservations/s inside inventory, \(side.rawValue)", .init(side.engine, .rate),
                    to: .init(side.statements, .rate), .atLeast(0.5)),
                Comparison(
                    "CPU of this process, µs", .init(side.engine, .cpu("client")),
                    to: .init(side.statements, .cpu("client"))),
            ]
        }
    }

    func run(_ rounds: Rounds) async throws {
        let folder = try TemporaryDirectory("engine")
        let sqlite = try SQLiteDatabase(path: folder.file("inventory.sqlite"))
        let cluster = try await PrivatePostgres.start(.init(synchronous: true, settings: ["shared_buffers": "256MB"]))
        let postgres = try await PostgresDatabase.open(cluster.url(try await cluster.createDatabase()))
        try await EngineStage.with(sqlite) { onSQLite in
            try await EngineStage.with(postgres) { onPostgres in
                try await rounds.measure(
                    Self.contenders(.sqlite, onSQLite) + Self.contenders(.postgres, onPostgres))
            }
        }
    }

    private static func contenders(_ side: Side, _ stage: EngineStage) -> [Contender] {
        [
            Contender(side.engine) { options in
                let hall = try await stage.openHall(for: options.warmUp + options.duration)
                return try await TaskLoad.measure(tasks: callers, on: stage.executor, options) { _ in
                    try await stage.reserve(try hall.nextOrder())
                }
            },
            Contender(side.statements) { options in
                let hall = try await stage.openHall(for: options.warmUp + options.duration)
                return try await TaskLoad.measure(tasks: callers, on: stage.executor, options) { _ in
                    try await stage.reserveBySQLAlone(try hall.nextOrder())
                }
            },
        ]
    }
}
