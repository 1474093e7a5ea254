import Logging
import Synchronization

/// Keeps the write-ahead log bounded without stopping the writer for it.
///
/// A connection of its own copies the log into the database file while the writer goes on appending. Under constant
/// writing that copy is never complete, and the log would never start over; so, once the bulk is copied, the writer
/// copies the short rest between two batches, and its next commit starts the log from the beginning. Readers of older
/// snapshots can prevent even that: when the log has grown to several times its limit, the writer waits for them, but
/// never for long.
final class SQLiteCheckpointer: Sendable {
    /// Where the present round stands.
    private enum Phase {
        case idle
        case copying
        /// The bulk is copied: the writer's turn.
        case copied
    }

    private struct State {
        var phase = Phase.idle
        /// The length from which the next round begins.
        var threshold: Int
        var lastPages = 0
    }

    /// The multiple of the limit from which the writer waits for readers.
    private static let urgency = 4

    /// How long the writer waits for readers of older snapshots.
    private static let patienceMilliseconds = 250

    private let connection: SQLiteConnection
    private let gauge: SQLiteLogGauge
    private let pagesMax: Int
    private let busyTimeoutMilliseconds: Int
    private let logger: Logger
    private let state: Mutex<State>

    init(connection: SQLiteConnection, gauge: SQLiteLogGauge, configuration: SQLiteConfiguration) {
        self.connection = connection
        self.gauge = gauge
        pagesMax = configuration.checkpointPages
        busyTimeoutMilliseconds = configuration.busyTimeoutMilliseconds
        logger = configuration.logger
        state = Mutex(State(threshold: configuration.checkpointPages))
    }

    /// Does what is due after a batch; called by the writer, between transactions, with its own session.
    func afterCommit(_ session: SQLiteSession) {
        let pages = gauge.pages
        let due = state.withLock { state -> Phase? in
            // The log started over: so does the count.
            if pages < state.lastPages { state.threshold = pagesMax }
            state.lastPages = pages
            guard pages >= state.threshold else { return nil }
            defer { if state.phase == .idle { state.phase = .copying } }
            return state.phase
        }
        switch due {
        case .idle: connection.schedule { [self] in copyBulk($0) }
        case .copied: finish(session, pages)
        case .copying, nil: return
        }
    }

    private func copyBulk(_ session: SQLiteSession) {
        _ = copy(session, .passive)
        state.withLock { $0.phase = .copied }
    }

    /// Copies what little was appended since the bulk was copied. Whether the log can start over shows at the next
    /// commit; if it cannot, another round waits until the log has grown further, so that rounds stay rare.
    private func finish(_ session: SQLiteSession, _ pages: Int) {
        _ = copy(session, .passive)
        if pages >= pagesMax * Self.urgency {
            session.setBusyTimeout(milliseconds: Self.patienceMilliseconds)
            if !copy(session, .restart) {
                logger.warning("a long read keeps the write-ahead log growing", metadata: ["pages": "\(pages)"])
            }
            session.setBusyTimeout(milliseconds: busyTimeoutMilliseconds)
        }
        state.withLock { state in
            state.phase = .idle
            state.threshold = pages + pagesMax / 2
        }
    }

    private func copy(_ session: SQLiteSession, _ mode: SQLiteSession.CheckpointMode) -> Bool {
        do {
            return try session.checkpoint(mode)
        } catch {
            logger.error("checkpoint failed", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Empties the log and closes the connection.
    func close() throws(DatabaseError) {
        let truncated = connection.perform { session in
            Result { () throws(DatabaseError) in try session.checkpoint(.truncate) }
        }
        try connection.close()
        _ = try truncated.get()
    }
}
