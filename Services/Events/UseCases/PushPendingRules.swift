import Contracts
import Logging
import ServiceKit
import ServiceLifecycle

/// Finishes in the background what requests could not: tells inventory every change that it does not have yet.
struct PushPendingRules: Service {
    struct Timing: Sendable {
        /// Pause between looks at the queue.
        var interval = Duration.seconds(1)
        /// Deadline of one push.
        var pushDeadline = Duration.seconds(10)
        /// The pause after the first failure; doubles with each further one.
        var firstPause = Duration.milliseconds(500)
        var longestPause = Duration.seconds(60)
    }

    let store: PushStore
    let pushRules: PushRules
    let clock: any WallClock
    let logger: Logger
    var timing = Timing()

    /// How many events one look takes; they are pushed one after the other.
    private static let batchMax = 10

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await pass()
                try await Task.sleep(for: timing.interval)
            }
        }
    }

    /// Pushes everything that is due, once.
    func pass() async {
        do {
            // The lease outlasts the whole batch, so that another replica does not push the same beside this one.
            let lease = timing.pushDeadline * (Self.batchMax + 1)
            var claimed: [PushStore.Pending] = []
            repeat {
                let now = clock.now()
                claimed = try await store.claim(at: now, leaseUntil: now + lease, limit: Self.batchMax)
                for pending in claimed { try await push(pending) }
            } while claimed.count == Self.batchMax
        } catch is CancellationError {
            return
        } catch {
            logger.error("pending rules could not be read or recorded", metadata: ["error": "\(error)"])
        }
    }

    private func push(_ pending: PushStore.Pending) async throws {
        do {
            _ = try await pushRules.push(pending, in: .background(within: timing.pushDeadline))
        } catch let error as ServiceCallError {
            logger.warning(
                "inventory did not take an event's rules",
                metadata: [
                    "eventId": "\(pending.event.id)", "version": "\(pending.rulesVersion)", "error": "\(error)",
                ])
            try await store.recordFailure(pending, dueAt: clock.now() + pause(after: pending.attempts))
        }
    }

    /// The pause before the next try after `attempts` earlier failures, jittered so that many do not come at once.
    func pause(after attempts: Int) -> Duration {
        let doublings = min(attempts, 20)
        let pause = min(timing.longestPause, timing.firstPause * (1 << doublings))
        return pause * Double.random(in: 0.5...1)
    }
}
