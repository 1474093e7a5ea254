/// A reply as RESP2 carries it.
public enum RedisValue: Sendable, Hashable {
    case null
    case integer(Int64)
    /// A simple string such as `OK`.
    case status(String)
    /// A binary-safe string.
    case bulk([UInt8])
    case array([RedisValue])
    /// An error inside an array or a batch; a single command's error is thrown instead.
    case error(String)

    /// The number, when it is an integer or a string that is one.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bulk, .status: string.flatMap { Int64($0) }
        case .null, .array, .error: nil
        }
    }

    /// The text, when it is a string of either kind; bytes that are not UTF-8 are replaced.
    public var string: String? {
        switch self {
        case .status(let text): text
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null, .integer, .array, .error: nil
        }
    }

    /// The elements, when it is an array.
    public var array: [RedisValue]? {
        if case .array(let values) = self { values } else { nil }
    }
}
