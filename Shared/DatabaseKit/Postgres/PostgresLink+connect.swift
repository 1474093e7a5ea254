import CLibPQ
import Foundation

extension PostgresLink {
    /// Connects to `address`, which takes no longer than the configuration allows.
    ///
    /// Errors: ``DatabaseError/Code/notOpen`` when waiting would not help (the password, the database's name, its
    /// rights), ``DatabaseError/Code/unavailable`` when it may.
    static func connect(
        to address: PostgresAddress, _ configuration: PostgresConfiguration
    ) throws(DatabaseError) -> PostgresLink {
        let settings = address.settings(name: configuration.name)
        let keywords = settings.keys.map { $0 }
        let connection = withCStrings(keywords) { keywords in
            withCStrings(settings.values.map { $0 }) { PQconnectStartParams(keywords, $0, 0) }
        }
        guard let connection else { throw DatabaseError(.unavailable, "libpq has no memory for a connection") }
        do {
            // libpq prints what the server remarks, unless it is told where to put it.
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            // Only the verbose form of a refusal has its SQLSTATE.
            PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
            try establish(connection, address, deadline: .now + configuration.connectTimeout)
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        } catch {
            PQfinish(connection)
            throw error
        }
        let link = PostgresLink(connection: connection, answerTimeout: configuration.answerTimeout)
        try link.prepare(configuration)
        return link
    }

    private static func establish(
        _ connection: OpaquePointer, _ address: PostgresAddress, deadline: ContinuousClock.Instant
    ) throws(DatabaseError) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw refusal(connection, address) }
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw refusal(connection, address) }
            let events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
            let remaining = deadline - ContinuousClock.now
            guard remaining > .zero, PostgresSocket.wait(PQsocket(connection), for: events, remaining) else {
                throw DatabaseError(.unavailable, "the database server at \(address) did not answer in time")
            }
            state = PQconnectPoll(connection)
        }
    }

    /// What the server or the network said, with the SQLSTATE found in it: "…: FATAL:  28P01: password …".
    private static func refusal(_ connection: OpaquePointer, _ address: PostgresAddress) -> DatabaseError {
        let text = PostgresText.firstLine(PQerrorMessage(connection))
        let parts = text.components(separatedBy: ":  ").last?.components(separatedBy: ": ") ?? []
        guard let state = parts.first, parts.count > 1, isSQLState(state) else {
            return DatabaseError(.unavailable, "the database server at \(address) cannot be reached: \(text)")
        }
        let reason = parts.dropFirst().joined(separator: ": ")
        let code: DatabaseError.Code = DatabaseError.code(ofState: state) == .notOpen ? .notOpen : .unavailable
        return DatabaseError(code, "the database \(address) refuses the connection: \(reason) (SQLSTATE \(state))")
    }

    private static func isSQLState(_ text: String) -> Bool {
        text.utf8.count == 5 && text.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
    }

    /// Calls `body` with `strings` as C wants a list of them, which ends with a null pointer.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }
}
