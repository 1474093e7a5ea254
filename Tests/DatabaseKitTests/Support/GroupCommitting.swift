import Logging
import TestSupport

@testable import DatabaseKit

/// A database whose writer lets a test see its queue.
protocol GroupCommitting: Database {
    /// How many units wait for their turn.
    var unitsWaiting: Int { get }
}

extension SQLiteDatabase: GroupCommitting {
    var unitsWaiting: Int { writer.waiting }
}

extension PostgresDatabase: GroupCommitting {
    var unitsWaiting: Int { writer.waiting }
}

extension Database {
    /// Keeps the writer busy with one unit until the gate opens, and returns when it has begun.
    func occupy(_ gate: Gate) async throws -> Task<Void, any Error> {
        let begun = Flag()
        let task = Task {
            try await write { _ in
                begun.set()
                try gate.pass()
            }
        }
        try await eventually { begun.isSet }
        return task
    }
}

/// The limits that both drivers have.
struct GroupLimits {
    var batchMax = 256
    var queueMax = 4096
    var beforeCommit: (@Sendable (_ units: Int) throws -> Void)?
}

/// Runs `body` with a new database of the kind whose turn it is.
func withDatabase(
    _ limits: GroupLimits = GroupLimits(), _ body: (any GroupCommitting) async throws -> Void
) async throws {
    switch TestDatabase.current {
    case .sqlite:
        var configuration = SQLiteConfiguration(name: "test", logger: quietLogger)
        configuration.batchMax = limits.batchMax
        configuration.queueMax = limits.queueMax
        configuration.beforeCommit = limits.beforeCommit
        try await withSQLite(configuration) { try await body($0) }
    case .postgres:
        // The suite has its place among those that use the cluster already.
        try await withPostgres(on: try await SharedPostgres.cluster()) { configuration in
            configuration.batchMax = limits.batchMax
            configuration.queueMax = limits.queueMax
            configuration.beforeCommit = limits.beforeCommit
        } _: { database, _, _ in
            try await body(database)
        }
    }
}

/// Failures on purpose are not worth a line.
let quietLogger: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
}()
