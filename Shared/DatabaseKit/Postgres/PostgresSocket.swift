import Foundation

/// Waiting for a connection's socket.
enum PostgresSocket {
    /// Waits until `socket` is ready for one of `events` or broken; false when the time is over.
    static func wait(_ socket: CInt, for events: CInt, _ limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
            let remaining = max(.zero, deadline - ContinuousClock.now)
            // Rounded up, so that the last fraction of a millisecond is not spent spinning.
            let result = poll(&descriptor, 1, CInt(clamping: remaining.inMilliseconds + (limit > .zero ? 1 : 0)))
            if result > 0 { return true }
            if result == 0 || errno != EINTR { return false }
        }
    }
}
