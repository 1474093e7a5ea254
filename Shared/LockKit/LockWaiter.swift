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

    private enum State {
        case awake
        /// Woken before it slept: the next sleep ends at once.
        case woken
        case asleep(CheckedContinuation<Awakening, Never>)
    }

    /// Its name in queues of fair waiting.
    let name = LockOwner.make()
    /// The keys of the locks it wants.
    let keys: Set<String>
    private let state = Mutex(State.awake)

    init(keys: [String]) {
        self.keys = Set(keys)
    }

    /// Ends the sleep, or the next one if it is awake.
    func wake() {
        let sleeper = state.withLock { state -> CheckedContinuation<Awakening, Never>? in
            guard case .asleep(let sleeper) = state else {
                state = .woken
                return nil
            }
            state = .awake
            return sleeper
        }
        sleeper?.resume(returning: .released)
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
                let early = state.withLock { state -> Awakening? in
                    if case .woken = state {
                        state = .awake
                        return .released
                    }
                    if Task.isCancelled { return .timeOver }
                    state = .asleep(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            giveUp()
        }
        timer.cancel()
        await timer.value
        return awakening
    }

    private func giveUp() {
        let sleeper = state.withLock { state -> CheckedContinuation<Awakening, Never>? in
            guard case .asleep(let sleeper) = state else { return nil }
            state = .awake
            return sleeper
        }
        sleeper?.resume(returning: .timeOver)
    }
}
