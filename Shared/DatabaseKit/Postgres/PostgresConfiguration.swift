package import Logging

/// The limits of a ``PostgresDatabase``.
package struct PostgresConfiguration: Sendable {
    /// The most units that one commit carries. More make the commit cheaper per unit and its neighbours wait longer.
    package var batchMax = 256

    /// The most units that may wait, for the writer and for the readers each; beyond it callers are refused at once.
    package var queueMax = 4096

    /// How many reads run at the same time, each on a connection of its own, which is made when first needed.
    package var readers = 4

    /// The longest time that making a connection may take.
    package var connectTimeout = Duration.seconds(5)

    /// How long ``PostgresDatabase/open(_:configuration:)`` goes on trying to reach a server that is not there yet.
    package var startPatience = Duration.zero

    /// The longest time that one statement may take; the server ends it then.
    package var statementTimeout = Duration.seconds(10)

    /// The longest time that a statement may wait for others, the other writers included.
    package var lockTimeout = Duration.seconds(4)

    /// The longest time that a transaction may do nothing before the server ends its connection. It frees the others
    /// from a writer that was stopped in the middle of its turn.
    package var idleTransactionTimeout = Duration.seconds(5)

    /// How much longer than the server's own limits an answer may take before the connection is given up for lost.
    package var answerGrace = Duration.seconds(3)

    /// How long an outage lasts at least before the server is tried again. Doubles up to ``retryDelayMax``.
    package var retryDelayMin = Duration.milliseconds(100)

    /// How long an outage lasts at most before the server is tried again.
    package var retryDelayMax = Duration.seconds(2)

    /// Called by the writer just before each commit, with the number of units in it; a throw makes the commit fail.
    /// The place where a test loses a commit.
    package var beforeCommit: (@Sendable (_ units: Int) throws -> Void)?

    /// Where the database reports what an operator should know.
    package var logger: Logger

    /// The name that its metrics carry as the dimension `database`, and that the server shows of its connections.
    package var name: String

    /// The default limits, reporting to `logger` and, in metrics, as `name`.
    package init(name: String = "main", logger: Logger = Logger(label: "database")) {
        self.name = name
        self.logger = logger
    }

    var writer: WriterOptions {
        WriterOptions(
            batchMax: batchMax, queueMax: queueMax, beforeCommit: beforeCommit, logger: logger, name: name)
    }

    /// The longest time that the answer to what was sent together may take.
    var answerTimeout: Duration { statementTimeout + lockTimeout + answerGrace }

    /// These limits as migrations need them, which may build large indexes and wait for other replicas' migrations.
    var forMigrations: PostgresConfiguration {
        var configuration = self
        configuration.statementTimeout = .seconds(600)
        configuration.lockTimeout = .seconds(600)
        return configuration
    }
}
