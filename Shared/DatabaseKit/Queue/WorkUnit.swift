import Synchronization

/// A caller's closure on its way through a driver: it runs, perhaps again, and is answered exactly once.
protocol WorkUnit: Sendable, AnyObject {
    /// What a throw means for the unit.
    var kind: WriteKind { get }

    /// Whether the caller was cancelled, so that a unit that has not begun need not.
    var isCancelled: Bool { get }

    /// Runs the closure and keeps its outcome for ``settle()``; returns whether it succeeded.
    func run(_ session: any SQLSession) -> Bool

    /// Replaces whatever the outcome was: the transaction did not take place.
    func fail(_ error: any Error)

    /// Answers the caller with the outcome kept. To be called once.
    func settle()
}

/// The unit of a caller who waits for a `Result`.
final class CallerUnit<Result: Sendable>: WorkUnit {
    private struct State {
        var continuation: CheckedContinuation<Result, any Error>?
        var outcome: Swift.Result<Result, any Error>?
    }

    let kind: WriteKind
    private let body: @Sendable (any SQLSession) throws -> Result
    private let state = Mutex(State())
    private let cancelled = Atomic(false)

    init(_ kind: WriteKind, _ body: @escaping @Sendable (any SQLSession) throws -> Result) {
        self.kind = kind
        self.body = body
    }

    var isCancelled: Bool {
        cancelled.load(ordering: .relaxed)
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    func run(_ session: any SQLSession) -> Bool {
        let outcome = Swift.Result { try body(session) }
        state.withLock { $0.outcome = outcome }
        if case .success = outcome { return true }
        return false
    }

    func fail(_ error: any Error) {
        state.withLock { $0.outcome = .failure(error) }
    }

    func settle() {
        let (continuation, outcome) = state.withLock { state in
            defer { state = State() }
            return (state.continuation, state.outcome)
        }
        continuation?.resume(with: outcome ?? .failure(CancellationError()))
    }

    /// Has `submit` put the unit into a queue and waits for its answer.
    func answer(_ submit: (any WorkUnit) throws(DatabaseError) -> Void) async throws -> Result {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.continuation = continuation }
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
