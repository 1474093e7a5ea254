import Dispatch

/// A door inside a write unit: whoever comes waits until the test opens it, for good.
final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)

    func open() {
        opened.signal()
    }

    /// Waits for ``open()``; fails after a minute, so that a broken test ends.
    func pass() throws {
        guard opened.wait(timeout: .now() + .seconds(60)) == .success else { throw GateStayedClosed() }
        opened.signal()
    }
}

struct GateStayedClosed: Error {}

/// What a unit of these tests throws to be undone.
struct Refused: Error, Equatable {}

/// Waits until `condition` holds; throws after half a minute.
func eventually(_ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(1))
    }
}

struct NeverHappened: Error {}
