import struct Foundation.Date

/// The time of day that rules of the sale are judged by; tests move it by hand.
package protocol WallClock: Sendable {
    /// The present moment, which may jump when the machine's clock is set.
    func now() -> Timestamp
}

/// The machine's clock.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Timestamp { Timestamp(Date()) }
}
