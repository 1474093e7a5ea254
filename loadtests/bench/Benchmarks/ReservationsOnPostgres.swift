import Foundation
import TestSupport

/// P8: the hot path on the scaled profile's database, beside the embedded one's.
struct ReservationsOnPostgres: Benchmark {
    let id = "P8"
    let summary = "durable reservations of 2 seats through the gateway on PostgreSQL, against SQLite"

    private static let postgres = "PostgreSQL"
    private static let sqlite = "SQLite"

    var comparisons: [Comparison] {
        [
            Comparison(
                "reservations/s", .init(Self.postgres, .rate), to: .init(Self.sqlite, .rate), .atLeast(0.7)),
            Comparison("p99, ms", .init(Self.postgres, .p99), to: .init(Self.sqlite, .p99)),
            Comparison(
                "CPU of inventory, µs", .init(Self.postgres, .cpu("inventory")),
                to: .init(Self.sqlite, .cpu("inventory"))
            ),
            Comparison("CPU of PostgreSQL, µs", .init(Self.postgres, .cpu("postgres"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await SaleStage.with(.postgres) { onPostgres in
            try await SaleStage.with { onSQLite in
                try await rounds.measure([
                    Contender(Self.postgres) { try await onPostgres.reserve($0) },
                    Contender(Self.sqlite) { try await onSQLite.reserve($0) },
                ])
            }
        }
    }
}

extension PrivatePostgres {
    /// The number of the server's first process, whose children are the connections.
    func processIdentifier() async throws -> pid_t {
        let text = try await run("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")
        guard let identifier = pid_t(text) else { throw CommandFailed(name: "psql", output: text) }
        return identifier
    }
}
