import Logging
import Synchronization

/// The length of the write-ahead log, as the writer's last commit left it.
final class SQLiteLogGauge: Sendable {
    private let current = Atomic(0)

    /// The length in pages.
    var pages: Int { current.load(ordering: .relaxed) }

    func record(pages: Int) {
        current.store(pages, ordering: .relaxed)
    }
}

/// Keeps the write-ahead log bounded without stopping the writer for it.
///
/// A connection of its own copies the log into the database file while the writer goes on appending. Under constant
/// writing that copy is never complete, and the log would never start over; so, once the bulk is copied, the writer
/// copies the short rest between two batches, and its next commit starts the log from the beginning.
final class SQLiteCheckpointer: Sendable {
    /// Where the present round stands.
    private enum Phase: UInt8, AtomicRepresentable {
        case idle
        case copying
        /// The bulk is copied: the writer's turn.
        case copied
    }

    private let connection: SQLiteConnection
    private let gauge: SQLiteLogGauge
    private let pagesMax: Int
    private let logger: Logger
    private let phase = Atomic(Phase.idle)

    init(connection: SQLiteConnection, gauge: SQLiteLogGauge, configuration: SQLiteConfiguration) {
        self.connection = connection
        self.gauge = gauge
        pagesMax = configuration.checkpointPages
        logger = configuration.logger
    }

    /// Does what is due after a batch; called by the writer, between transactions, with its own session.
    func afterCommit(_ session: SQLiteSession) {
        guard gauge.pages >= pagesMax else { return }
        switch phase.load(ordering: .acquiring) {
        case .copying: return
        case .copied:
            finish(session)
        case .idle:
            phase.store(.copying, ordering: .releasing)
            connection.schedule { [self] session in
                copy(session)
                phase.store(.copied, ordering: .releasing)
            }
        }
    }

    /// Copies what little was appended since the bulk was copied. A reader of an old snapshot can hold this up; then the
    /// next round tries again.
    private func finish(_ session: SQLiteSession) {
        copy(session)
        phase.store(.idle, ordering: .releasing)
    }

    private func copy(_ session: SQLiteSession) {
        do {
            _ = try session.checkpoint(truncate: false)
        } catch {
            logger.error("checkpoint failed", metadata: ["error": "\(error)"])
        }
    }

    /// Empties the log and closes the connection.
    func close() throws(DatabaseError) {
        let truncated = connection.perform { session in
            Result { () throws(DatabaseError) in try session.checkpoint(truncate: true) }
        }
        try connection.close()
        _ = try truncated.get()
    }
}
