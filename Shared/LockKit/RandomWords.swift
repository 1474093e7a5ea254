#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Random words of the system's source, many with each call of it: one call for each would cost a tenth of all that a
/// lock costs its client.
struct RandomWords {
    /// As many as the kernel gives without being interrupted, 256 bytes (getrandom(2)).
    private static let count = 32

    private var words = [UInt64](repeating: 0, count: count)
    private var used = count

    /// The next word; none is given twice.
    mutating func next() -> UInt64 {
        if used == Self.count { refill() }
        used += 1
        return words[used - 1]
    }

    private mutating func refill() {
        words.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("there are words to fill") }
            arc4random_buf(start, bytes.count)
        }
        used = 0
    }
}
