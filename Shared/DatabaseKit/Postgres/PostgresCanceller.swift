import CLibPQ
import Dispatch
import Synchronization

/// Ends the statement that runs on a connection, from another thread.
///
/// - Note: `@unchecked Sendable` because of the pointer, which libpq never changes after `PQgetCancel`; it documents
///   `PQcancel` as safe to call from any thread.
final class PostgresCanceller: @unchecked Sendable {
    /// How far a request has come.
    enum State {
        case idle
        case requested
        /// The server has the request; it may still be about to act on it.
        case sent
    }

    private let handle: OpaquePointer?
    private let state = Mutex(State.idle)

    init(_ connection: OpaquePointer) {
        handle = PQgetCancel(connection)
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Begins to end what runs, without waiting: a request is a connection of its own.
    func request() {
        let isFirst = state.withLock { state in
            defer { state = .requested }
            return state == .idle
        }
        guard isFirst else { return }
        DispatchQueue.global().async { [self] in
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(handle, &reason, CInt(reason.count))
            state.withLock { $0 = .sent }
        }
    }

    /// How far the last request has come. Once it was sent, the next one may come.
    func conclude() -> State {
        state.withLock { state in
            defer { if state == .sent { state = .idle } }
            return state
        }
    }
}
