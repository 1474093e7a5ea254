/// Time-ordered identifiers (RFC 9562, version 7): new rows land at the end of their index instead of all over it.
package enum UUIDv7 {
    /// A new identifier in lower case, ordered by `time` to the millisecond and random within it.
    package static func make(at time: Timestamp) -> String {
        var generator = SystemRandomNumberGenerator()
        let milliseconds = UInt64(bitPattern: time.milliseconds) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return format(high, low)
    }

    /// Whether `text` has the form of a UUID in lower or upper case, of any version.
    ///
    /// Ids are checked before they reach a store, a lock key or another service's path.
    package static func isWellFormed(_ text: some StringProtocol) -> Bool {
        // Looked at as plain memory: byte by byte through a generic view takes twenty times as long.
        text.utf8.withContiguousStorageIfAvailable(isWellFormed) ?? isWellFormed(bytes: Array(text.utf8))
    }

    private static func isWellFormed(bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer(isWellFormed) }

    private static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            switch index {
            case 8, 13, 18, 23:
                guard bytes[index] == UInt8(ascii: "-") else { return false }
            default:
                guard Hexadecimal.value(of: bytes[index]) != nil else { return false }
            }
        }
        return true
    }

    private static func format(_ high: UInt64, _ low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { bytes in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    bytes[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                bytes[position] = Hexadecimal.digit(
                    UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(nibble % 16)) & 0xF))
                position += 1
            }
            return position
        }
    }
}
