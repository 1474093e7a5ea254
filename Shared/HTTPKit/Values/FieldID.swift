/// The header fields that the protocol itself is made of, recognized once while a head is parsed.
///
/// Framing and forwarding ask for these on every message; comparing a byte is cheaper than comparing names.
package enum FieldID: UInt8, Sendable {
    case other
    case connection
    case contentLength
    case expect
    case host
    case keepAlive
    case proxyAuthenticate
    case proxyAuthorization
    case proxyConnection
    case te
    case trailer
    case transferEncoding
    case upgrade

    /// The identity of the field name at `range` of `bytes`, in any case.
    static func identify(_ bytes: Span<UInt8>, _ range: Range<Int>) -> FieldID {
        func isNamed(_ name: StaticString) -> Bool {
            HTTPSyntax.equals(bytes, range, name)
        }
        switch range.count {
        case 2: return isNamed("te") ? .te : .other
        case 4: return isNamed("host") ? .host : .other
        case 6: return isNamed("expect") ? .expect : .other
        case 7: return isNamed("trailer") ? .trailer : isNamed("upgrade") ? .upgrade : .other
        case 10: return isNamed("connection") ? .connection : isNamed("keep-alive") ? .keepAlive : .other
        case 14: return isNamed("content-length") ? .contentLength : .other
        case 16: return isNamed("proxy-connection") ? .proxyConnection : .other
        case 17: return isNamed("transfer-encoding") ? .transferEncoding : .other
        case 18: return isNamed("proxy-authenticate") ? .proxyAuthenticate : .other
        case 19: return isNamed("proxy-authorization") ? .proxyAuthorization : .other
        default: return .other
        }
    }

    /// Whether the field speaks about one connection only and must not be forwarded (RFC 9110, 7.6.1).
    package var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization, .proxyConnection, .te, .trailer,
            .transferEncoding, .upgrade:
            true
        case .other, .contentLength, .expect, .host:
            false
        }
    }
}
