package import NIOCore

/// Tags that tell whether a client's copy of a reply is still good (RFC 9110 §8.8.3).
package enum EntityTag {
    /// Whether `tag` is among those of an `If-None-Match`, of which `*` is all there are.
    package static func matches(_ tag: String, ifNoneMatch field: String?) -> Bool {
        (field ?? "").split(separator: ",").contains { candidate in
            let text = candidate.trimmingPrefix(while: \.isWhitespace).prefix { !$0.isWhitespace }
            return text == "*" || text == tag || text.hasPrefix("W/") && text.dropFirst(2) == tag
        }
    }
}

extension ByteBuffer {
    /// A strong entity tag of the bytes: FNV-1a, 64 bits, which changes whenever they do.
    package var entityTag: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in readableBytesView { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }
}
