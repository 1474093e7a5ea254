import Foundation
import Synchronization

/// A connection to PostgreSQL on a thread of its own, which its waiting may block.
///
/// - Note: `@unchecked Sendable` because the session is not. It is only ever handed out on the connection's thread, to
///   closures that cannot let it escape, so no two threads use it at once.
final class PostgresConnection: DriverConnection, @unchecked Sendable {
    private let thread: SerialThread
    private let session: PostgresSession
    private let closing = PostgresClosing()

    /// A connection for `role` ("writer", "reader", …), which is not made before it is used.
    init(_ address: PostgresAddress, role: String, _ configuration: PostgresConfiguration) {
        thread = SerialThread(name: "pg.\(role)")
        session = PostgresSession(address, configuration, closing)
    }

    deinit {
        thread.stop()
    }

    func schedule(_ body: @escaping @Sendable (PostgresSession) -> Void) {
        thread.schedule { [self] in body(session) }
    }

    /// Runs `body` on the connection's thread and returns its result.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            schedule { session in continuation.resume(with: Swift.Result { try body(session) }) }
        }
    }

    func close() async {
        closing.begin()
        await withCheckedContinuation { continuation in
            schedule { session in
                session.close()
                continuation.resume()
            }
        }
        thread.stop()
    }
}

/// A thread that runs what it is given, one after another; it begins with the first job.
final class SerialThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
        var isStopped = false
    }

    private let name: String
    private let state = Mutex(State())
    private let waiting = DispatchSemaphore(value: 0)

    init(name: String) {
        self.name = name
    }

    /// Runs `job` on the thread, later.
    func schedule(_ job: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst { begin() }
        waiting.signal()
    }

    /// Ends the thread once it has run what it was given.
    func stop() {
        state.withLock { $0.isStopped = true }
        waiting.signal()
    }

    private func begin() {
        // The thread keeps the object alive until it is stopped.
        let thread = Thread { [self] in
            while true {
                waiting.wait()
                let (jobs, isStopped) = state.withLock { state in
                    defer { state.jobs = [] }
                    return (state.jobs, state.isStopped)
                }
                for job in jobs { job() }
                if isStopped { return }
            }
        }
        thread.name = name
        thread.start()
    }
}
