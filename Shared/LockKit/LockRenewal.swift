import RedisKit
import Synchronization

/// Keeps locks alive while their holder works, and says when they are lost.
///
/// Two loops run beside the holder. One renews at a third of the lease, sooner again after a failure, and ends when the
/// locks may not be held any longer. The other watches the clock: it does not depend on an answer of Redis, so a
/// holder learns of the end of its lease on time, also when the process had been stopped.
struct LockRenewal: Sendable {
    let service: LockService
    let grant: LockGrant
    let validity: LockValidity
    let lease: Duration
    let holdAtMost: Duration
    private let lastError = Shared()

    /// The last failure of a renewal, to say why a lease ended.
    private final class Shared: Sendable {
        let error = Mutex<RedisError?>(nil)
    }

    init(service: LockService, grant: LockGrant, validity: LockValidity, lease: Duration, holdAtMost: Duration) {
        self.service = service
        self.grant = grant
        self.validity = validity
        self.lease = lease
        self.holdAtMost = holdAtMost
    }

    /// Renews until the task is cancelled or nothing is left to renew; the loss that it found, if any.
    func renew() async -> LockLoss? {
        let interval = lease / 3
        var pause = interval - (validity.end - lease * 0.99).duration(to: .now)
        while true {
            // A cancelled pause means that the holder has finished.
            try? await Task.sleep(for: pause)
            let now = ContinuousClock.now
            guard !Task.isCancelled, now < validity.end else { return nil }
            let left = holdAtMost - (now - grant.acquiredAt)
            guard left > .zero else { return nil }
            do throws(RedisError) {
                switch try await service.store.renew(grant.keys, owner: grant.owner, lease: lease) {
                case .renewed:
                    guard validity.extend(to: now + lease * 0.99) else { return nil }
                    service.monitor.extended(grant)
                    lastError.error.withLock { $0 = nil }
                    pause = interval - now.duration(to: .now)
                case .lost(let gone, let taken):
                    return .taken(gone: gone, takenByAnother: taken)
                }
            } catch {
                lastError.error.withLock { $0 = error }
                pause = max(.milliseconds(5), interval / 8)
            }
        }
    }

    /// Returns when the lease is over, or nil when the task is cancelled before.
    func watch() async -> LockLoss? {
        while !Task.isCancelled {
            let (now, end) = (ContinuousClock.now, validity.end)
            guard now < end else {
                let isByLimit = end - grant.acquiredAt >= holdAtMost
                return isByLimit ? .heldTooLong : .leaseOver(lastError.error.withLock { $0 })
            }
            // Cut short by cancellation, the loop's condition ends it.
            try? await Task.sleep(for: end - now)
        }
        return nil
    }
}
