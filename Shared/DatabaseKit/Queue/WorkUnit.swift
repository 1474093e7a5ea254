import Synchronization

/// A caller's closure on its way through a driver: it runs, perhaps again, and is answered exactly once.
protocol WorkUnit: Sendable, AnyObject {
    /// What a throw means for the unit.
    var kind: WriteKind { get }

    /// What can run the unit together with others; nil when nothing can.
    var merger: (any UnitMerging)? { get }

    /// Whether the caller was cancelled, so that a unit that has not begun need not.
    var isCancelled: Bool { get }

    /// Has `interrupt` called when the caller is cancelled, at once if that has happened; nil ends it.
    func onCancel(_ interrupt: (@Sendable () -> Void)?)

    /// Runs the closure and keeps its outcome for ``settle()``; returns whether it succeeded.
    func run(_ session: any SQLSession) -> Bool

    /// Replaces whatever the outcome was: the transaction did not take place.
    func fail(_ error: any Error)

    /// Answers the caller with the outcome kept. To be called once.
    func settle()
}

/// The unit of a caller who waits for a `Result`.
///
/// A caller who is cancelled before the unit began is answered at once, however long the database takes; one whose unit
/// runs is answered when it has ended.
final class CallerUnit<Result: Sendable>: WorkUnit {
    private struct State {
        var continuation: CheckedContinuation<Result, any Error>?
        var outcome: Swift.Result<Result, any Error>?
        var hasBegun = false
        var isCancelled = false
        var interrupt: (@Sendable () -> Void)?
    }

    let kind: WriteKind
    let merger: (any UnitMerging)?
    /// What the merger has to do for the unit.
    let order: (any Sendable)?
    private let body: @Sendable (any SQLSession) throws -> Result
    private let state = Mutex(State())

    init(_ kind: WriteKind, _ body: @escaping @Sendable (any SQLSession) throws -> Result) {
        self.kind = kind
        self.body = body
        merger = nil
        order = nil
    }

    init(
        _ order: any Sendable, _ merger: any UnitMerging,
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) {
        kind = .ordinary
        self.body = body
        self.merger = merger
        self.order = order
    }

    var isCancelled: Bool {
        state.withLock { $0.isCancelled }
    }

    func cancel() {
        let waiting = state.withLock { state in
            state.isCancelled = true
            state.interrupt?()
            return state.hasBegun ? nil : state.continuation.take()
        }
        waiting?.resume(throwing: CancellationError())
    }

    func onCancel(_ interrupt: (@Sendable () -> Void)?) {
        state.withLock { state in
            state.interrupt = interrupt
            if state.isCancelled { interrupt?() }
        }
    }

    /// Whether the unit may run; if its caller was cancelled before it began, that is its outcome.
    func begin() -> Bool {
        let mayRun = state.withLock { state in
            state.hasBegun = state.hasBegun || !state.isCancelled
            return state.hasBegun
        }
        if !mayRun { fail(CancellationError()) }
        return mayRun
    }

    func run(_ session: any SQLSession) -> Bool {
        guard begin() else { return false }
        let outcome = Swift.Result { try body(session) }
        keep(outcome)
        if case .success = outcome { return true }
        return false
    }

    /// Keeps an outcome for ``settle()``.
    func keep(_ outcome: Swift.Result<Result, any Error>) {
        state.withLock { $0.outcome = outcome }
    }

    func fail(_ error: any Error) {
        state.withLock { $0.outcome = .failure(error) }
    }

    func settle() {
        let (continuation, outcome) = state.withLock { state in
            defer { state.outcome = nil }
            return (state.continuation.take(), state.outcome)
        }
        continuation?.resume(with: outcome ?? .failure(CancellationError()))
    }

    /// Has `submit` put the unit into a queue and waits for its answer.
    func answer(_ submit: (any WorkUnit) throws(DatabaseError) -> Void) async throws -> Result {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if !state.isCancelled { state.continuation = continuation }
                    return state.isCancelled
                }
                if isCancelled { return continuation.resume(throwing: CancellationError()) }
                do {
                    try submit(self)
                } catch {
                    fail(error)
                    settle()
                }
            }
        } onCancel: {
            cancel()
        }
    }
}
