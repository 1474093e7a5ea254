import HTTPKit

/// Decides whether the path of a request target means the same to everyone who will read it.
///
/// Services decode percent escapes; the gateway routes by the bytes as they are. Where decoding could change which
/// route it is (dot segments, encoded slashes, empty segments) the request is refused instead of repaired.
enum RequestPath {
    /// The range of the path inside `target`, without the query; nil when the target is not acceptable.
    ///
    /// Refused are: other than origin form, a fragment, a backslash, an incomplete escape, an escaped slash, backslash
    /// or control character, an empty segment before the last, and a segment `.` or `..` in any spelling, also with
    /// parameters behind a semicolon.
    static func parse(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Range<Int>? {
        guard !target.isEmpty, bytes[target.lowerBound] == UInt8(ascii: "/") else { return nil }
        var end = target.lowerBound
        while end < target.upperBound, bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard queryIsAcceptable(bytes, end..<target.upperBound) else { return nil }
        let path = target.lowerBound..<end
        var segment = Segment()
        var index = path.lowerBound + 1
        while index < path.upperBound {
            guard let (byte, length) = decoded(bytes, at: index, end: path.upperBound) else { return nil }
            if length == 1, byte == UInt8(ascii: "/") {
                guard !segment.isEmpty, !segment.isDots else { return nil }
                segment = Segment()
            } else {
                guard isAcceptable(byte, isEscaped: length == 3) else { return nil }
                segment.add(byte)
            }
            index += length
        }
        return segment.isDots ? nil : path
    }

    /// What is known of a segment so far.
    private struct Segment {
        private(set) var isEmpty = true
        private var dotCount = 0
        private var onlyDots = true
        private var isPastSemicolon = false

        var isDots: Bool { onlyDots && (dotCount == 1 || dotCount == 2) }

        mutating func add(_ byte: UInt8) {
            isEmpty = false
            guard !isPastSemicolon else { return }
            switch byte {
            case UInt8(ascii: "."): dotCount += 1
            case UInt8(ascii: ";"): isPastSemicolon = true
            default: onlyDots = false
            }
        }
    }

    /// The byte at `index` and how many bytes spell it; nil for an escape that is none.
    private static func decoded(_ bytes: Span<UInt8>, at index: Int, end: Int) -> (byte: UInt8, length: Int)? {
        guard bytes[index] == UInt8(ascii: "%") else { return (bytes[index], 1) }
        guard index + 2 < end, let high = HTTPSyntax.hexValue(bytes[index + 1]),
            let low = HTTPSyntax.hexValue(bytes[index + 2])
        else { return nil }
        return (high << 4 | low, 3)
    }

    private static func isAcceptable(_ byte: UInt8, isEscaped: Bool) -> Bool {
        switch byte {
        case 0..<0x20, 0x7F, UInt8(ascii: "\\"): false
        case UInt8(ascii: "/"): !isEscaped
        // An escaped percent sign would become another escape for whoever decodes twice.
        case UInt8(ascii: "%"): false
        case UInt8(ascii: "#"): isEscaped
        default: true
        }
    }

    /// A query may hold anything visible but the beginning of a fragment.
    private static func queryIsAcceptable(_ bytes: Span<UInt8>, _ query: Range<Int>) -> Bool {
        for index in query where bytes[index] == UInt8(ascii: "#") { return false }
        return true
    }
}
