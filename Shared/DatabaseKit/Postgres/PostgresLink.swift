import CLibPQ
import Foundation

/// One connection to a server in libpq's pipeline mode, used by one thread at a time.
///
/// What is asked together goes out together: the commands, and what prepares them where needed, in one write, the
/// answers in one wait. Any trouble with the connection itself ends it: an answer that came late would be taken for the
/// next one's.
final class PostgresLink {
    /// A command that was sent and not answered yet.
    private enum Expected {
        case prepared(PostgresStatement)
        case executed
        /// Makes room among the prepared statements; its answer interests nobody.
        case forgotten
    }

    private let connection: OpaquePointer
    private let answerTimeout: Duration
    private var statements = PostgresStatements()
    /// What was sent and not answered yet, in the groups in which it was sent.
    private var expected: [[Expected]] = []
    private var isBroken = false

    /// Can end what runs on the connection, from another thread.
    let canceller: PostgresCanceller

    /// Takes over `connection`, which must be established.
    init(connection: OpaquePointer, answerTimeout: Duration) {
        self.connection = connection
        self.answerTimeout = answerTimeout
        canceller = PostgresCanceller(connection)
    }

    deinit {
        PQfinish(connection)
    }

    /// Makes the connection ready for commands; throws when the database is not one that can be used.
    ///
    /// Statements are planned once, often while a table is new and empty, when reading all of it is cheapest, and plans
    /// live until its next analysis. So whoever has an index uses it from the start.
    func prepare(_ configuration: PostgresConfiguration) throws(DatabaseError) {
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { throw lost() }
        let settings = """
            SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
                set_config('idle_in_transaction_session_timeout', $3, false),
                set_config('client_min_messages', 'error', false),
                set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false),
                set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
                    THEN 'on' ELSE current_setting('synchronous_commit') END, false)
            """
        let limits = [
            configuration.statementTimeout, configuration.lockTimeout, configuration.idleTransactionTimeout,
        ].map { "\($0.inMilliseconds)" }
        let results = try run([try PostgresRequest(sql: settings, parameters: limits)])
        if let result = results.first, !result.succeeded { throw DatabaseError.postgres(result, sql: settings) }
        let encoding = PQparameterStatus(connection, "server_encoding").map { String(cString: $0) } ?? "unknown"
        guard encoding == "UTF8" else {
            throw DatabaseError(.notOpen, "the database is encoded as \(encoding): create it with ENCODING 'UTF8'")
        }
    }

    /// Sends `requests` and waits for their answers, one each, in their order.
    ///
    /// A request that fails makes the server skip those after it. Throws when the connection is lost.
    func run(_ requests: [PostgresRequest]) throws(DatabaseError) -> [PostgresResult] {
        try post(requests)
        let deadline = ContinuousClock.now + answerTimeout
        while expected.count > 1 { _ = try receive(deadline) }
        return try receive(deadline)
    }

    /// Sends `requests` without waiting: their answers are read, and ignored, before the next ones.
    func post(_ requests: [PostgresRequest]) throws(DatabaseError) {
        guard !isBroken else { throw lost() }
        var group: [Expected] = []
        if statements.isFull {
            statements.removeAll()
            try sent(PQsendQueryParams(connection, "DEALLOCATE ALL", 0, nil, nil, nil, nil, 0))
            group.append(.forgotten)
        }
        for request in requests { try send(request, &group) }
        try sent(PQpipelineSync(connection))
        expected.append(group)
        try flush(ContinuousClock.now + answerTimeout)
    }

    /// What is known of the statement `sql`.
    func statement(_ sql: String) throws(DatabaseError) -> PostgresStatement {
        try statements.statement(sql)
    }

    /// Has the statement `sql` prepared anew when it is used next; whether it had been.
    func forget(_ sql: String) -> Bool {
        statements.remove(sql)
    }

    /// Whether the server has ended the connection while nobody was looking.
    func isGone() -> Bool {
        // Twice: the reason comes first, the end after it.
        for _ in 0..<2 where wait(for: POLLIN, .zero) && PQconsumeInput(connection) == 0 { isBroken = true }
        if PQstatus(connection) != CONNECTION_OK { isBroken = true }
        return isBroken
    }
}

// MARK: - Sending

extension PostgresLink {
    private func send(_ request: PostgresRequest, _ group: inout [Expected]) throws(DatabaseError) {
        let statement = try statements.statement(request.sql)
        let parameters = request.parameters
        guard let name = statement.name else {
            try sent(
                parameters.withPointers { count, values in
                    PQsendQueryParams(connection, request.sql, count, nil, values, nil, nil, 0)
                })
            group.append(.executed)
            return
        }
        if !statement.isPrepared {
            try sent(PQsendPrepare(connection, name, request.sql, 0, nil))
            statement.isPrepared = true
            group.append(.prepared(statement))
        }
        try sent(
            parameters.withPointers { count, values in
                PQsendQueryPrepared(connection, name, count, values, nil, nil, 0)
            })
        group.append(.executed)
    }

    private func sent(_ result: CInt) throws(DatabaseError) {
        guard result == 1 else { throw lost() }
    }

    private func flush(_ deadline: ContinuousClock.Instant) throws(DatabaseError) {
        while true {
            let result = PQflush(connection)
            if result == 0 { return }
            guard result > 0 else { throw lost() }
            // Answers may fill the way back, so that the server reads nothing more: they are taken in meanwhile.
            try ready(POLLIN | POLLOUT, deadline)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
    }
}

// MARK: - Receiving

extension PostgresLink {
    /// Reads the answers of the group sent first.
    private func receive(_ deadline: ContinuousClock.Instant) throws(DatabaseError) -> [PostgresResult] {
        guard let group = expected.first else { throw lost() }
        var results: [PostgresResult] = []
        results.reserveCapacity(group.count)
        var refusedPreparation: PostgresResult?
        for command in group {
            let result = try next(deadline)
            switch command {
            case .prepared(let statement):
                guard !result.succeeded else { continue }
                statement.isPrepared = false
                if !result.isSkipped { refusedPreparation = result }
            case .executed:
                results.append(refusedPreparation.take() ?? result)
            case .forgotten: break
            }
        }
        guard try next(deadline).isSync else { throw lost() }
        expected.removeFirst()
        return results
    }

    /// The next answer; the ends of commands, which libpq reports as the absence of a result, are passed over.
    private func next(_ deadline: ContinuousClock.Instant) throws(DatabaseError) -> PostgresResult {
        for _ in 0..<2 {
            while PQisBusy(connection) == 1 {
                try ready(POLLIN, deadline)
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            }
            guard let handle = PQgetResult(connection) else { continue }
            let result = PostgresResult(handle)
            guard PQstatus(connection) == CONNECTION_OK else { throw lost(result) }
            return result
        }
        throw lost()
    }

    private func ready(_ events: CInt, _ deadline: ContinuousClock.Instant) throws(DatabaseError) {
        let remaining = deadline - ContinuousClock.now
        guard remaining > .zero, wait(for: events, remaining) else {
            isBroken = true
            throw DatabaseError(.unavailable, "the database did not answer in time")
        }
    }

    /// Waits until the socket is ready for one of `events`; false when the time is over.
    private func wait(for events: CInt, _ limit: Duration) -> Bool {
        PostgresSocket.wait(PQsocket(connection), for: events, limit)
    }

    /// Gives the connection up; says why, as far as anybody knows.
    private func lost(_ result: PostgresResult? = nil) -> DatabaseError {
        isBroken = true
        let reason = result?.field(.message) ?? PostgresText.firstLine(PQerrorMessage(connection))
        return DatabaseError(.unavailable, "the connection to the database was lost: \(reason)")
    }
}
