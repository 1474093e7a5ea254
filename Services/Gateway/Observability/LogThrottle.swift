import NIOCore

/// Lets one line a second through, so that trouble is seen and does not become more trouble.
struct LogThrottle: Sendable {
    private static let interval = TimeAmount.seconds(1)

    private var next = NIODeadline.uptimeNanoseconds(0)
    private var suppressed = 0

    /// How many lines were left out since the last one, or nil when this one is to be left out as well.
    mutating func admit(_ now: NIODeadline) -> Int? {
        guard now >= next else {
            suppressed += 1
            return nil
        }
        next = now + Self.interval
        defer { suppressed = 0 }
        return suppressed
    }
}
