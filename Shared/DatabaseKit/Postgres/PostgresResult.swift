import CLibPQ

/// The answer to one command; its memory goes with the object.
final class PostgresResult {
    private let handle: OpaquePointer

    /// Takes over `handle`, a `PGresult`.
    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQclear(handle)
    }

    private var status: ExecStatusType { PQresultStatus(handle) }

    /// Whether it is no answer but the end of what was sent together.
    var isSync: Bool { status == PGRES_PIPELINE_SYNC }

    /// Whether the command was skipped because an earlier one failed.
    var isSkipped: Bool { status == PGRES_PIPELINE_ABORTED }

    /// Whether the command was executed.
    var succeeded: Bool {
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY
    }

    /// What the server says it did: "INSERT 0 1".
    var tag: String { String(cString: PQcmdStatus(handle)) }

    /// How many rows were inserted, updated or deleted; nil for a command that counts none.
    var rowsChanged: Int? {
        let verb = tag.prefix { $0 != " " }
        guard verb == "INSERT" || verb == "UPDATE" || verb == "DELETE" || verb == "MERGE" else { return nil }
        return Int(String(cString: PQcmdTuples(handle)))
    }

    /// A field of the error report, one of libpq's `PG_DIAG_` codes.
    func field(_ code: PostgresErrorField) -> String? {
        PQresultErrorField(handle, code.rawValue).map { String(cString: $0) }
    }

    /// The rows.
    func rows() throws(DatabaseError) -> [SQLRow] {
        let count = PQntuples(handle)
        guard count > 0 else { return [] }
        let width = PQnfields(handle)
        let columns = SQLColumns(names: (0..<width).map { String(cString: PQfname(handle, $0)) })
        let kinds = (0..<width).map { PostgresKind(typeID: PQftype(handle, $0)) }
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(width))
            for column in 0..<width {
                values.append(try value(row, column, kinds[Int(column)], columns))
            }
            rows.append(SQLRow(columns: columns, values: values))
        }
        return rows
    }

    private func value(
        _ row: CInt, _ column: CInt, _ kind: PostgresKind, _ columns: SQLColumns
    ) throws(DatabaseError) -> SQLValue {
        if PQgetisnull(handle, row, column) == 1 { return .null }
        let length = Int(PQgetlength(handle, row, column))
        let text = UnsafeRawBufferPointer(start: PQgetvalue(handle, row, column), count: length)
        guard let value = kind.value(String(decoding: text, as: UTF8.self)) else {
            throw DatabaseError(.decoding, "column \"\(columns.names[Int(column)])\" holds no number of 64 bits")
        }
        return value
    }
}
