import CLibPQ

/// How a PostgreSQL type comes as one of ours, from its text form.
enum PostgresKind {
    case integer
    case bool
    case real
    /// Any precision: the sum of integers, for one.
    case numeric
    case text

    /// The kind of the type with the object id `typeID`, one of those fixed in the server's catalog.
    init(typeID: Oid) {
        switch typeID {
        case 16: self = .bool
        case 20, 21, 23, 26: self = .integer
        case 700, 701: self = .real
        case 1700: self = .numeric
        default: self = .text
        }
    }

    /// The value written as `text`; nil when it does not fit.
    func value(_ text: String) -> SQLValue? {
        switch self {
        case .integer: Int64(text).map { .integer($0) }
        case .bool: .integer(text == "t" ? 1 : 0)
        case .real: Self.real(text).map { .real($0) }
        case .numeric: Int64(text).map { .integer($0) } ?? Self.real(text).map { .real($0) }
        case .text: .text(text)
        }
    }

    private static func real(_ text: String) -> Double? {
        switch text {
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }
}
