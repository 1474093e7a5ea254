import Foundation
import Logging

/// One connection's statements and transactions, used on that connection's thread only.
///
/// Commands that only frame a transaction ride along with the next statement, so that they cost no wait of their own:
/// `BEGIN` and the turn of the writer with the first one, a savepoint with a unit's first change, its release with
/// whatever comes after it. So do changes whose outcome their unit foresees, see ``SQLSession/demand(rows:orThrow:_:_:)``.
final class PostgresSession: DriverSession {
    let dialect = SQLDialect.postgres
    /// The advisory lock whose holder is the one writer of the database: "holdfast" in ASCII.
    static let turn: Int64 = 0x686f_6c64_6661_7374

    private struct Rider {
        let request: PostgresRequest
        /// Whether it is a unit's change and not a frame.
        var isDemand = false
        /// How many rows it has to change; any number when nil.
        var rowsDemanded: Int?

        init(_ sql: String) { request = PostgresRequest(sql: sql) }

        init(_ request: PostgresRequest, demanding rows: Int?) {
            self.request = request
            isDemand = true
            rowsDemanded = rows
        }
    }

    /// The most that waits for the next statement: beyond it a unit waits for its changes.
    private static let ridersMax = 256

    private let address: PostgresAddress
    private let configuration: PostgresConfiguration
    private let closing: PostgresClosing
    private var link: PostgresLink?
    private var backoff: PostgresBackoff
    /// What goes out with the next statement.
    private var riders: [Rider] = []
    /// Whether the server knows of the transaction.
    private var hasBegun = false
    private var unitWantsSavepoint = false
    private var awaitsDemands = true
    private var isReading = false
    private var hasConnected = false

    var announcements = Announcements()
    private(set) var transaction = TransactionState.open
    private(set) var outage: DatabaseError?
    private(set) var hasSavepoint = false
    private(set) var unitChangedSomething = false

    init(_ address: PostgresAddress, _ configuration: PostgresConfiguration, _ closing: PostgresClosing) {
        self.address = address
        self.configuration = configuration
        self.closing = closing
        backoff = PostgresBackoff(configuration)
    }

    func query(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> [SQLRow] {
        try run(sql, parameters).rows()
    }

    func execute(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> Int {
        try run(sql, parameters).rowsChanged ?? 0
    }

    func announce(_ subject: String) {
        announcements.add(subject)
    }

    func demand(
        rows: Int?, orThrow failure: @autoclosure () -> any Error, _ sql: String,
        _ parameters: [any SQLValueConvertible]
    ) throws {
        guard !awaitsDemands, riders.count < Self.ridersMax else {
            let changed = try execute(sql, parameters)
            if let rows, changed != rows { throw failure() }
            return
        }
        let (request, _, _) = try ready(sql, parameters)
        riders.append(Rider(request, demanding: rows))
        unitChangedSomething = true
    }

    private func run(
        _ sql: String, _ parameters: [any SQLValueConvertible]
    ) throws(DatabaseError) -> PostgresResult {
        let (request, effect, link) = try ready(sql, parameters)
        let result = try send(request, link)
        if effect == .change, result.rowsChanged != 0 { unitChangedSomething = true }
        return result
    }

    /// A statement of the unit, ready to be sent, after the savepoint that it needs.
    private func ready(
        _ sql: String, _ parameters: [any SQLValueConvertible]
    ) throws(DatabaseError) -> (PostgresRequest, PostgresStatement.Effect, PostgresLink) {
        switch transaction {
        case .open: break
        case .failed(let error), .conflicted(let error), .disproved(let error), .over(let error): throw error
        case .rolledBack: throw DatabaseError(.sql, "no transaction is open")
        }
        guard let link else { throw lose(DatabaseError(.unavailable, "there is no connection to the database")) }
        let statement = try link.statement(sql)
        guard parameters.count == statement.parameterCount else {
            let counts = "\(parameters.count) parameters given, \(statement.parameterCount) expected"
            throw DatabaseError(.sql, "\(counts), in: \(sql.prefix(200))")
        }
        // Refused here, where the transaction does not suffer from it.
        let request = try PostgresRequest(sql: sql, parameters: parameters)
        if statement.effect == .change, unitWantsSavepoint, !hasSavepoint {
            riders.append(Rider("SAVEPOINT unit"))
            hasSavepoint = true
        }
        return (request, statement.effect, link)
    }

    /// Sends what waits and `request` together; returns the answer to the latter.
    private func send(_ request: PostgresRequest, _ link: PostgresLink) throws(DatabaseError) -> PostgresResult {
        guard let result = try exchange(request, link), result.succeeded else {
            throw lose(DatabaseError(.unavailable, "the database skipped a statement without a reason"))
        }
        return result
    }

    /// Sends what waits and, behind it, `request`; returns the last answer.
    private func exchange(_ request: PostgresRequest?, _ link: PostgresLink) throws(DatabaseError) -> PostgresResult? {
        let riders = riders
        self.riders = []
        hasBegun = true
        let results: [PostgresResult]
        do {
            results = try link.run(riders.map(\.request) + (request.map { [$0] } ?? []))
        } catch {
            throw lose(error)
        }
        for (rider, result) in zip(riders, results) { try check(result, of: rider) }
        if let result = results.last, let request, !result.succeeded, !result.isSkipped {
            throw fail(result, request.sql)
        }
        return results.last
    }

    /// Throws when what rode along failed, or did not do what its unit had foreseen.
    private func check(_ result: PostgresResult, of rider: Rider) throws(DatabaseError) {
        guard result.succeeded || result.isSkipped else { throw fail(result, rider.request.sql, rider) }
        guard let rows = rider.rowsDemanded, !result.isSkipped, result.rowsChanged != rows else { return }
        let error = DatabaseError(
            .sql, "\(result.rowsChanged ?? 0) rows changed, \(rows) demanded, by: \(rider.request.sql.prefix(200))")
        transaction = .disproved(error)
        throw error
    }

    /// Notes what a failed command means for the transaction.
    private func fail(_ result: PostgresResult, _ sql: String, _ rider: Rider? = nil) -> DatabaseError {
        let error = DatabaseError.postgres(result, sql: sql)
        switch result.field(.sqlState) {
        case "40001", "40P01": transaction = .conflicted(error)
        case "0A000", "26000":
            // What was prepared is out of date: a newer program has migrated, or something forgot it.
            let wasKept = link?.forget(sql) ?? false
            transaction = wasKept ? .conflicted(error) : .failed(error)
        case "25006" where !isReading:
            // The server has become a standby: the primary is elsewhere, and to be looked for.
            return lose(DatabaseError(.unavailable, "the database server only reads: \(error.message)"))
        case _ where error.code == .unavailable: transaction = .over(error)
        default:
            guard let rider else {
                transaction = .failed(error)
                break
            }
            transaction = rider.isDemand ? .disproved(error) : .over(error)
        }
        return error
    }

    /// Gives the connection up.
    private func lose(_ error: DatabaseError) -> DatabaseError {
        link = nil
        transaction = .over(error)
        return error
    }
}

// MARK: - Transactions

extension PostgresSession {
    func beginRead() throws {
        try begin(["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"])
        isReading = true
    }

    /// Does not wait for the end: it is of no consequence.
    func endRead() {
        settleCancellation()
        rollback()
    }

    /// Takes the turn of the writer together with the first statement, whose snapshot begins after that.
    func beginWrite() throws {
        try begin([
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "SELECT pg_advisory_xact_lock(\(Self.turn))",
        ])
        isReading = false
    }

    private func begin(_ commands: [String]) throws(DatabaseError) {
        if link?.isGone() ?? true { try reconnect() }
        riders = commands.map { Rider($0) }
        hasBegun = false
        unitWantsSavepoint = false
        awaitsDemands = true
        hasSavepoint = false
        unitChangedSomething = false
        transaction = .open
    }

    func commit() throws {
        let hasDemands = riders.contains(where: \.isDemand)
        guard hasBegun || hasDemands else {
            riders = []
            return
        }
        guard let link else { throw DatabaseError(.unavailable, "the connection was lost before the commit") }
        // What was not met must be known before it is too late.
        if hasDemands { _ = try exchange(nil, link) }
        let requests = riders.map(\.request) + [PostgresRequest(sql: "COMMIT")]
        riders = []
        hasBegun = false
        let results: [PostgresResult]
        do {
            results = try link.run(requests)
        } catch {
            _ = lose(error)
            throw DatabaseError(
                .outcomeUnknown, "whether the changes were stored is not known: \(error.message)")
        }
        for (index, result) in results.enumerated() where !result.succeeded && !result.isSkipped {
            hasBegun = true
            throw fail(result, requests[index].sql)
        }
        guard results.last?.tag == "COMMIT" else {
            throw DatabaseError(.sql, "the database rolled back what was to be committed")
        }
    }

    func rollback() {
        riders = []
        guard hasBegun else { return }
        hasBegun = false
        do {
            try link?.post([PostgresRequest(sql: "ROLLBACK")])
        } catch {
            // The server rolls back by itself when the connection is gone.
            link = nil
        }
    }

    func beginUnit(savepoint: Bool, awaitsDemands: Bool) {
        unitWantsSavepoint = savepoint
        self.awaitsDemands = awaitsDemands
        hasSavepoint = false
        unitChangedSomething = false
    }

    func keepUnit() throws {
        guard hasSavepoint else { return }
        hasSavepoint = false
        riders.append(Rider("RELEASE SAVEPOINT unit"))
    }

    func undoUnit() throws {
        guard hasSavepoint else { return }
        hasSavepoint = false
        transaction = .open
        riders += ["ROLLBACK TO SAVEPOINT unit", "RELEASE SAVEPOINT unit"].map { Rider($0) }
    }
}

// MARK: - The connection

extension PostgresSession {
    /// Connects anew, once; throws ``DatabaseError/Code/unavailable`` and begins an outage when that fails.
    func reconnect() throws(DatabaseError) {
        link = nil
        do {
            link = try PostgresLink.connect(to: address, configuration)
            outage = nil
            backoff.reset()
        } catch {
            // A password changed meanwhile is an outage, too: it ends when the password is right again.
            let error = error.code == .notOpen && hasConnected ? DatabaseError(.unavailable, error.message) : error
            outage = error
            throw error
        }
        hasConnected = true
    }

    func recover() -> Bool {
        configuration.logger.warning(
            "the database is out of reach", metadata: ["error": "\(outage?.message ?? "")"])
        while outage != nil {
            guard closing.sleep(backoff.next()) else { return false }
            do {
                try reconnect()
            } catch {
                continue
            }
        }
        configuration.logger.notice("the database is back")
        return true
    }

    func close() {
        link = nil
    }

    var interruption: (@Sendable () -> Void)? {
        guard let canceller = link?.canceller else { return nil }
        return { canceller.request() }
    }

    /// Makes sure that a request to end a statement does not end a later one.
    private func settleCancellation() {
        guard let link else { return }
        switch link.canceller.conclude() {
        case .idle: return
        case .requested: self.link = nil
        case .sent: _ = try? link.run([PostgresRequest(sql: "SELECT 1")])
        }
    }
}
