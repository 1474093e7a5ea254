import Dispatch
import Foundation
import Synchronization

/// A thread that lives as long as the process and does nothing but start children.
///
/// The kernel ends a child "with its parent" when the *thread* that started it ends, and threads of pools come and go.
final class SpawnThread: Sendable {
    static let shared = SpawnThread()

    private let waiting = DispatchSemaphore(value: 0)
    private let jobs = Mutex<[@Sendable () -> Void]>([])

    private init() {
        Thread.detachNewThread { [waiting, self] in
            while true {
                waiting.wait()
                jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
            }
        }
    }

    /// Runs `body` on the thread.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(with: Result(catching: body)) } }
            waiting.signal()
        }
    }
}
