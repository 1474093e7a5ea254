/// The two versions of the protocol that are spoken on the wire.
package enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11

    /// The version that the eight bytes at `start` name; others are refused.
    static func parse(_ bytes: Span<UInt8>, at start: Int) throws(HTTPSyntaxError) -> HTTPVersion? {
        let prefix: StaticString = "HTTP/"
        guard start + 8 <= bytes.count else { return nil }
        for offset in 0..<prefix.utf8CodeUnitCount where bytes[start + offset] != prefix.utf8Start[offset] {
            return nil
        }
        let (major, point, minor) = (bytes[start + 5], bytes[start + 6], bytes[start + 7])
        guard HTTPSyntax.isDigit(major), point == UInt8(ascii: "."), HTTPSyntax.isDigit(minor) else { return nil }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        switch minor {
        case UInt8(ascii: "1"): return .http11
        case UInt8(ascii: "0"): return .http10
        default: throw .unsupportedVersion
        }
    }
}
