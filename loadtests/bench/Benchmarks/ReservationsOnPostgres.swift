import Contracts
import Foundation
import TestSupport

/// P8: the hot path on the scaled profile's database, beside the embedded one's.
struct ReservationsOnPostgres: Benchmark {
    let id = "P8"
    let summary = "durable reservations of 2 seats through the gateway on PostgreSQL, against SQLite"

    private static let postgres = "PostgreSQL"
    private static let sqlite = "SQLite"
    /// What an administrator of a small server sets; everything else is as it comes, durability above all.
    static let settings = ["shared_buffers": "256MB", "max_wal_size": "4GB"]
    private static let users: [ServiceName] = [.auth, .events, .inventory, .booking, .payment]

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
        let cluster = try await PrivatePostgres.start(.init(synchronous: true, settings: Self.settings))
        var options = StackOptions()
        for service in Self.users {
            options.services[service, default: [:]]["DATABASE_URL"] = cluster.url(try await cluster.createDatabase())
        }
        let server = try await cluster.processIdentifier()
        try await SaleStage.with(options) { onPostgres in
            try await SaleStage.with { onSQLite in
                try await rounds.measure([
                    Contender(Self.postgres) { try await onPostgres.reserve($0, beside: ["postgres": server]) },
                    Contender(Self.sqlite) { try await onSQLite.reserve($0) },
                ])
            }
        }
        cluster.stop()
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
