import HTTPKit
import NIOCore

/// Which header fields pass through the gateway.
enum FieldPolicy {
    /// Whether a field of a client's request reaches the service.
    ///
    /// Dropped are what belongs to the client's connection, what Connection names, and whatever services believe
    /// because only the gateway can have written it: addresses, identities, deadlines, traces. Names that some
    /// software reads as the same (`X_User_ID`) count as the same. Fields the gateway adds come after this, so no
    /// Connection field can take them away; Host and Content-Length say what the message is and cannot be named away.
    static func forwards(request entry: HeaderFields.Entry, of fields: HeaderFields, connectionNamesFields: Bool)
        -> Bool
    {
        switch entry.id {
        case .host, .contentLength: return true
        case .expect: return false
        default: break
        }
        if entry.id.isHopByHop { return false }
        let bytes = fields.bytes.readableBytesUInt8Span
        if entry.id == .other, isReserved(bytes, entry.name) { return false }
        return !(connectionNamesFields && fields.connectionNames(fieldAt: entry.name))
    }

    /// Whether a field of a service's response reaches the client; the trace is the gateway's own.
    static func forwards(response entry: HeaderFields.Entry, of fields: HeaderFields, connectionNamesFields: Bool)
        -> Bool
    {
        if entry.id == .contentLength { return true }
        if entry.id.isHopByHop { return false }
        let bytes = fields.bytes.readableBytesUInt8Span
        if entry.id == .other, HTTPSyntax.equals(bytes, entry.name, "traceparent") { return false }
        return !(connectionNamesFields && fields.connectionNames(fieldAt: entry.name))
    }

    /// Names in lower case, with hyphens, that only the gateway may write; all that begin with one of `prefixes`, too.
    private static let names: [StaticString] = [
        "forwarded", "request-deadline-ms", "traceparent", "true-client-ip", "via",
    ]
    private static let prefixes: [StaticString] = [
        "x-forwarded", "x-real-ip", "x-user-", "x-client-ip", "x-internal-", "x-original-", "x-rewrite-",
        "x-cluster-client-ip", "x-http-method",
    ]

    private static func isReserved(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        switch HTTPSyntax.lowercased(bytes[name.lowerBound]) {
        case UInt8(ascii: "x"):
            for prefix in prefixes where begins(bytes, name, prefix) { return true }
            return false
        case UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "v"):
            for reserved in names where reserved.utf8CodeUnitCount == name.count && begins(bytes, name, reserved) {
                return true
            }
            return false
        default:
            return false
        }
    }

    /// Whether the name begins with `prefix`, in any case and with `_` for `-`.
    private static func begins(_ bytes: Span<UInt8>, _ name: Range<Int>, _ prefix: StaticString) -> Bool {
        guard name.count >= prefix.utf8CodeUnitCount else { return false }
        for offset in 0..<prefix.utf8CodeUnitCount {
            var byte = HTTPSyntax.lowercased(bytes[name.lowerBound + offset])
            if byte == UInt8(ascii: "_") { byte = UInt8(ascii: "-") }
            guard byte == prefix.utf8Start[offset] else { return false }
        }
        return true
    }
}
