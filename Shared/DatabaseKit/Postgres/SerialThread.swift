import Dispatch
import Foundation
import Synchronization

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
