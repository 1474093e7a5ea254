/// The character classes of HTTP/1.1 and comparison without case, over bytes.
package enum HTTPSyntax {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let semicolon = UInt8(ascii: ";")

    /// `token` of RFC 9110, 5.6.2: bit n of the two masks is the byte n.
    private static let tokenLow: UInt64 = {
        var mask: UInt64 = 0
        for byte in "!#$%&'*+-.0123456789".utf8 { mask |= 1 << UInt64(byte) }
        return mask
    }()
    private static let tokenHigh: UInt64 = {
        var mask: UInt64 = 0
        for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~".utf8 { mask |= 1 << UInt64(byte - 64) }
        return mask
    }()

    /// Whether a method or a field name may contain `byte`.
    package static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        case 0..<64: tokenLow & (1 << UInt64(byte)) != 0
        case 64..<128: tokenHigh & (1 << UInt64(byte - 64)) != 0
        default: false
        }
    }

    /// Whether a field value may contain `byte`: everything visible, space, tab, and bytes above ASCII.
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == tab
    }

    /// Whether a request target may contain `byte`: visible ASCII.
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= 48 && byte <= 57
    }

    /// The value of a hexadecimal digit, nil for every other byte.
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    /// `byte` in lower case when it is an ASCII letter.
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 65 && byte <= 90 ? byte | 0x20 : byte
    }

    /// Whether the bytes at `range` spell `name` (in lower case ASCII) in any case.
    package static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        var index = range.lowerBound
        var expected = name.utf8Start
        while index < range.upperBound {
            guard lowercased(bytes[index]) == expected.pointee else { return false }
            index += 1
            expected += 1
        }
        return true
    }

    /// Whether the bytes at `range` begin with `prefix` (in lower case ASCII) in any case.
    package static func hasPrefix(_ bytes: Span<UInt8>, _ range: Range<Int>, _ prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        return range.count >= length && equals(bytes, range.lowerBound..<range.lowerBound + length, prefix)
    }

    /// Whether both ranges of `bytes` spell the same name, in any case.
    package static func equals(_ bytes: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> Bool {
        guard first.count == second.count else { return false }
        let distance = second.lowerBound - first.lowerBound
        for index in first where lowercased(bytes[index]) != lowercased(bytes[index + distance]) { return false }
        return true
    }
}
