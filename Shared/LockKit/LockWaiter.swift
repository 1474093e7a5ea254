import Synchronization

/// One acquisition that waits: sleeps until a release wakes it, its time is over or its task is cancelled.
final class LockWaiter: Sendable {
    /// Why a sleep ended.
    enum Awakening: Sendable, Equatable {
        /// Something it waits for was given back.
        case released
        /// The time was over, or the task was cancelled.
        case timeOver
    }

    /// Its name in queues of fair waiting.
    let name = LockOwner.make()
    /// The keys of the locks it wants.
    let keys: Set<String>
    private let state = Mutex(WaiterSleep<CheckedContinuation<Awakening, Never>>())

    init(keys: [String]) {
        self.keys = Set(keys)
    }

    /// Ends the sleep, or the next one if it is awake.
    func wake() {
        state.withLock { $0.wake() }?.resume(returning: .released)
    }

    /// Sleeps for `pause` at most.
    func sleep(atMost pause: Duration) async -> Awakening {
        let timer = Task {
            // A cancelled timer ends a sleep that is over already.
            try? await Task.sleep(for: pause)
            self.giveUp()
        }
        let awakening = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { $0.begin(continuation) }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            giveUp()
        }
        timer.cancel()
        await timer.value
        state.withLock { $0.finish() }
        return awakening
    }

    private func giveUp() {
        state.withLock { $0.giveUp() }?.resume(returning: .timeOver)
    }
}
