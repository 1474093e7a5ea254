package import NIOCore

/// A timer that is moved far more often than it fires.
///
/// Every request on a connection has a deadline and nearly none is reached. Moving the timer to a later moment is one
/// assignment; only when the armed moment comes does it look where the deadline is by then. It belongs to one event
/// loop, as does its owner.
package struct LazyTimer {
    private var due: NIODeadline?
    private var armedAt: NIODeadline?
    private var callback: NIOScheduledCallback?

    package init() {}

    /// Moves the timer; nil means that nothing is due.
    package mutating func set(
        _ due: NIODeadline?, on eventLoop: any EventLoop, handler: some NIOScheduledCallbackHandler
    ) {
        self.due = due
        guard let due else { return }
        if let armedAt, armedAt <= due { return }
        callback?.cancel()
        arm(due, eventLoop, handler)
    }

    /// Moves the timer to `due` when that is sooner than what it waits for.
    package mutating func setSooner(
        _ due: NIODeadline, on eventLoop: any EventLoop, handler: some NIOScheduledCallbackHandler
    ) {
        if let current = self.due, current <= due { return }
        set(due, on: eventLoop, handler: handler)
    }

    /// To be called when the callback comes: true when the time is over, else it is armed for what is due now.
    package mutating func fired(on eventLoop: any EventLoop, handler: some NIOScheduledCallbackHandler) -> Bool {
        armedAt = nil
        callback = nil
        guard let due else { return false }
        if due <= .now() {
            self.due = nil
            return true
        }
        arm(due, eventLoop, handler)
        return false
    }

    /// Ends it, so that the event loop lets its owner go.
    package mutating func cancel() {
        callback?.cancel()
        callback = nil
        armedAt = nil
        due = nil
    }

    private mutating func arm(
        _ moment: NIODeadline, _ eventLoop: any EventLoop, _ handler: some NIOScheduledCallbackHandler
    ) {
        // Scheduling fails only on a loop that has shut down, where nothing remains to be timed.
        callback = try? eventLoop.assumeIsolated().scheduleCallback(at: moment, handler: handler)
        armedAt = callback == nil ? nil : moment
    }
}
