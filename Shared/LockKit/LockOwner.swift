import Synchronization

/// Makes the marks by which a lock knows its holder.
enum LockOwner {
    private static let source = Mutex(RandomWords())

    /// 128 bits of the system's random source as 32 hexadecimal digits: nobody can guess or repeat it.
    static func make() -> String {
        let words = source.withLock { ($0.next(), $0.next()) }
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<32 {
                let word = index < 16 ? words.0 : words.1
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 15
                buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 32
        }
    }

    /// The first 16 digits of a mark as the number they are; of any other text, something made of its bytes.
    static func number(of mark: String) -> UInt64 {
        mark.utf8.prefix(16).reduce(0) { number, byte in
            number << 4 | UInt64(byte < UInt8(ascii: "a") ? byte & 15 : byte &- UInt8(ascii: "a") &+ 10 & 15)
        }
    }
}
