import RedisKit
import Synchronization

/// Starts a scope's fencing counter when Redis has lost it: raise the epoch in the database, then install it.
///
/// Tasks of this process that need the same scope wait for one attempt. Every raised epoch is installed at most once:
/// a lost reply means that the next attempt raises again.
final class FenceKeeper: Sendable {
    private static let attemptsMax = 3

    private let store: any LockStore
    private let epochs: any FencingEpochSource
    private let attempts = Mutex<[String: Task<Result<Void, LockError>, Never>]>([:])

    init(store: any LockStore, epochs: any FencingEpochSource) {
        self.store = store
        self.epochs = epochs
    }

    /// Returns when the counter of `scope` runs in a new epoch, or throws why it does not.
    func install(scope: String) async throws(LockError) {
        try await attempt(scope).value.get()
    }

    /// The same without anybody waiting: for a server of several that forgot its counter while the others go on.
    func installInBackground(scope: String) {
        _ = attempt(scope)
    }

    private func attempt(_ scope: String) -> Task<Result<Void, LockError>, Never> {
        attempts.withLock { attempts in
            if let running = attempts[scope] { return running }
            let task = Task { () -> Result<Void, LockError> in
                let result = await self.raiseAndInstall(scope: scope)
                self.attempts.withLock { $0[scope] = nil }
                return result
            }
            attempts[scope] = task
            return task
        }
    }

    private func raiseAndInstall(scope: String) async -> Result<Void, LockError> {
        for _ in 0..<Self.attemptsMax {
            let epoch: Int64
            do {
                epoch = try await epochs.raiseEpoch(scope: scope)
            } catch {
                return .failure(.fenceUnavailable("the epoch was not raised: \(error)"))
            }
            guard (1...FencingToken.epochMax).contains(epoch) else {
                return .failure(.fenceUnavailable("the epoch \(epoch) is out of range"))
            }
            do throws(RedisError) {
                if try await store.installFence(scope: scope, epoch: epoch) { return .success(()) }
            } catch {
                return .failure(.backend(error))
            }
        }
        return .failure(.fenceUnavailable("the epochs of the database are behind those of Redis"))
    }
}
