package import NIOCore
import Synchronization

/// The W3C trace context of a request: which trace it belongs to and which span handles it here.
package struct TraceParent: Sendable, Hashable {
    private let traceHigh: UInt64
    private let traceLow: UInt64
    private let span: UInt64
    private let flags: UInt8

    /// Belongs to no trace: what a context has before its request was looked at.
    static let none = TraceParent(traceHigh: 0, traceLow: 0, span: 0, flags: 0)

    private init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, flags: UInt8) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.flags = flags
    }

    /// A new span in the trace that `header` names, or in a new trace when there is none or it is malformed.
    package init(continuing header: String?) {
        if let parent = header.flatMap(Self.init(parsing:)) {
            self.init(traceHigh: parent.traceHigh, traceLow: parent.traceLow, span: Self.next(), flags: parent.flags)
        } else {
            self.init(traceHigh: Self.next(), traceLow: Self.next(), span: Self.next(), flags: 1)
        }
    }

    /// Reads `00-<32 hex>-<16 hex>-<2 hex>`; later versions may have more after it. Zero ids and capitals are invalid.
    package init?(parsing header: String) {
        self.init(parsing: Array(header.utf8).span)
    }

    /// Reads the same from bytes, where making a string of them would cost more than reading them.
    package init?(parsing bytes: Span<UInt8>) {
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.number(bytes, 0..<2), version != 0xFF,
            version == 0 ? bytes.count == 55 : (bytes.count == 55 || bytes[55] == dash),
            let high = Self.number(bytes, 3..<19), let low = Self.number(bytes, 19..<35),
            let span = Self.number(bytes, 36..<52), let flags = Self.number(bytes, 53..<55),
            high | low != 0, span != 0
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, flags: UInt8(flags))
    }

    /// 32 hexadecimal digits.
    package var traceID: String { Self.text(traceHigh, digits: 16) + Self.text(traceLow, digits: 16) }

    /// 16 hexadecimal digits.
    package var spanID: String { Self.text(span, digits: 16) }

    /// The header for calls made on the way.
    package var header: String { "00-\(traceID)-\(spanID)-\(Self.text(UInt64(flags), digits: 2))" }

    /// Appends what ``header`` is, without making a string of it.
    package func write(to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.length) { text in
            text.storeBytes(of: Self.zeroAndDash, as: UInt32.self)
            text.storeBytes(of: Self.digits(traceHigh >> 32).bigEndian, toByteOffset: 3, as: UInt64.self)
            text.storeBytes(of: Self.digits(traceHigh).bigEndian, toByteOffset: 11, as: UInt64.self)
            text.storeBytes(of: Self.digits(traceLow >> 32).bigEndian, toByteOffset: 19, as: UInt64.self)
            text.storeBytes(of: Self.digits(traceLow).bigEndian, toByteOffset: 27, as: UInt64.self)
            text[35] = UInt8(ascii: "-")
            text.storeBytes(of: Self.digits(span >> 32).bigEndian, toByteOffset: 36, as: UInt64.self)
            text.storeBytes(of: Self.digits(span).bigEndian, toByteOffset: 44, as: UInt64.self)
            text[52] = UInt8(ascii: "-")
            let flagDigits = UInt16(truncatingIfNeeded: Self.digits(UInt64(flags)))
            text.storeBytes(of: flagDigits.bigEndian, toByteOffset: 53, as: UInt16.self)
            return Self.length
        }
    }

    /// Bytes of the header's value.
    private static let length = 55
    /// `00-` and a byte that the first digit replaces.
    private static let zeroAndDash = UInt32(0x3030_2D30).bigEndian

    /// The eight digits of the lower half of `number` as eight bytes, the first digit in the highest.
    ///
    /// All eight at once: the halves, quarters and digits are moved apart, and each digit becomes its letter without a
    /// branch. This runs twice for every request of the gateway.
    private static func digits(_ number: UInt64) -> UInt64 {
        var spread = number & 0xFFFF_FFFF
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let letterOffset = UInt64(UInt8(ascii: "a") - 10 - UInt8(ascii: "0"))
        return spread &+ 0x3030_3030_3030_3030 &+ isLetter &* letterOffset
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            let digit = bytes[index]
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func text(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Ids need to be distinct, not secret: a counter from a random start, mixed by SplitMix64, costs no system call.
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    private static func next() -> UInt64 {
        var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return mixed == 0 ? 1 : mixed
    }
}
