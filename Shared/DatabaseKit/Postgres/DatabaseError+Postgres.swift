import Foundation

extension DatabaseError {
    /// What the server reported as `result` for `sql`.
    ///
    /// The server's own text is passed on unless it may show values, as in `invalid input syntax for type bigint: "x"`.
    static func postgres(_ result: PostgresResult, sql: String) -> DatabaseError {
        let state = result.field(.sqlState) ?? ""
        let text = result.field(.message) ?? "the server gave no reason"
        if state.hasPrefix("23") {
            return DatabaseError(.constraint(violation(state, result)), text)
        }
        let isAboutStatement = result.field(.statementPosition) != nil
        let shown = showsNoValue(state, isAboutStatement: isAboutStatement) ? text : "a value is not fit for its use"
        return DatabaseError(code(ofState: state), "\(shown) (SQLSTATE \(state)), in: \(sql.prefix(500))")
    }

    /// Whether a message with this SQLSTATE speaks of the server, the schema or the statement's own text only.
    ///
    /// What is wrong with a value is not told by its SQLSTATE alone: a `tsquery` that cannot be read is a syntax error
    /// like one of the statement, and a word that is too long is a limit like that of a statement, and both are quoted.
    /// The server names a place in the statement only where the statement is what is wrong.
    static func showsNoValue(_ state: String, isAboutStatement: Bool) -> Bool {
        switch state.prefix(2) {
        case "08", "0A", "25", "28", "3D", "40", "53", "55", "57", "58", "XX": true
        // Missing rights, and names that are taken, are told without a place.
        case "42": isAboutStatement || state == "42501" || state == "42P07"
        default: false
        }
    }

    /// The meaning of an SQLSTATE: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
    static func code(ofState state: String) -> Code {
        switch state {
        case "40001", "40P01", "55P03", "57014": return .busy
        case "53100": return .full
        case "42501", "28000", "28P01", "3D000": return .notOpen
        // A server that only reads: a standby, or a primary that has just become one.
        case "25006": return .sql
        case "53300", "57P01", "57P02", "57P03", "57P05", "25P03": return .unavailable
        default: break
        }
        switch state.prefix(2) {
        case "08": return .unavailable
        case "53", "58", "XX": return .ioError
        default: return .sql
        }
    }

    private static func violation(_ state: String, _ result: PostgresResult) -> ConstraintViolation {
        let table = result.field(.table)
        let name = result.field(.constraint)
        switch state {
        case "23505":
            return ConstraintViolation(
                kind: .unique, table: table, columns: keyColumns(result.field(.detail)), name: name)
        case "23514": return ConstraintViolation(kind: .check, table: table, name: name)
        case "23503": return ConstraintViolation(kind: .foreignKey, table: table, name: name)
        case "23502":
            return ConstraintViolation(
                kind: .notNull, table: table, columns: result.field(.column).map { [$0] } ?? [])
        default:
            return ConstraintViolation(kind: .other, table: table, name: name ?? result.field(.message))
        }
    }

    /// The columns in a detail such as "Key (event_id, seat_number)=(…) already exists.", which has the form
    /// `(columns)=(values)` in every language of the server. The values stay behind.
    private static func keyColumns(_ detail: String?) -> [String] {
        guard let detail, let start = detail.firstIndex(of: "("), let end = detail.range(of: ")=(") else { return [] }
        let list = detail[detail.index(after: start)..<end.lowerBound]
        return list.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
    }
}
