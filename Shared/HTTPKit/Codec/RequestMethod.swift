/// A request method; those that nobody here handles are `other`.
package enum RequestMethod: String, Sendable, Hashable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case patch = "PATCH"
    case options = "OPTIONS"
    case trace = "TRACE"
    case connect = "CONNECT"
    case other = ""

    /// Whether doing it twice is the same as doing it once, so that it may be sent again (RFC 9110, 9.2.2).
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// The method that the bytes at `range` name; methods are case-sensitive.
    static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RequestMethod {
        func isNamed(_ name: StaticString) -> Bool {
            for offset in 0..<range.count where bytes[range.lowerBound + offset] != name.utf8Start[offset] {
                return false
            }
            return true
        }
        switch range.count {
        case 3: return isNamed("GET") ? .get : isNamed("PUT") ? .put : .other
        case 4: return isNamed("POST") ? .post : isNamed("HEAD") ? .head : .other
        case 5: return isNamed("PATCH") ? .patch : isNamed("TRACE") ? .trace : .other
        case 6: return isNamed("DELETE") ? .delete : .other
        case 7: return isNamed("OPTIONS") ? .options : isNamed("CONNECT") ? .connect : .other
        default: return .other
        }
    }
}
