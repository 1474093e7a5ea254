package import Logging

/// The limits of a ``SQLiteDatabase``.
package struct SQLiteConfiguration: Sendable {
    /// The most units that one commit carries. More make the commit cheaper per unit and its neighbours wait longer.
    package var batchMax = 256

    /// The most units that may wait, for the writer and for the readers each; beyond it callers are refused at once.
    package var queueMax = 4096

    /// How many reads run at the same time, each on a connection of its own.
    package var readers = 4

    /// The size of the write-ahead log, in pages of 4 KiB, from which it is copied back into the database file.
    package var checkpointPages = 2_000

    /// How long a connection waits for a lock that another one holds, in milliseconds.
    package var busyTimeoutMilliseconds = 5_000

    /// Called by the writer just before each commit, with the number of units in it; a throw makes the commit fail.
    /// The place where a test loses a commit.
    package var beforeCommit: (@Sendable (_ units: Int) throws -> Void)?

    /// Where the database reports what an operator should know.
    package var logger: Logger

    /// The name that its metrics carry as the dimension `database`.
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
}
