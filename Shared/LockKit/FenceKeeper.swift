import RedisKit
import Synchronization

/// Starts a scope's fencing counter when Redis has lost it: raise the epoch in the database, then install it.
///
/// Tasks of this process that need the same scope wait for one attempt. Every raised epoch is installed at most once:
/// a lost reply means that the next attempt raises again.
final class FenceKeeper: Sendable {
    private static let attemptsMax = 3

    private let redis: RedisClient
    private let epochs: any FencingEpochSource
    private let attempts = Mutex<[String: Task<Result<Void, LockError>, Never>]>([:])

    init(redis: RedisClient, epochs: any FencingEpochSource) {
        self.redis = redis
        self.epochs = epochs
    }

    /// Returns when the counter of `scope` runs in a new epoch, or throws why it does not.
    func install(scope: String) async throws(LockError) {
        let attempt = attempts.withLock { attempts in
            if let running = attempts[scope] { return running }
            let task = Task { () -> Result<Void, LockError> in
                let result = await self.raiseAndInstall(scope: scope)
                self.attempts.withLock { $0[scope] = nil }
                return result
            }
            attempts[scope] = task
            return task
        }
        try await attempt.value.get()
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
            let first = FencingToken(epoch: epoch, counter: 0).description
            do throws(RedisError) {
                let reply = try await redis.evaluate(
                    LockScripts.installFence, keys: [LockRequest.fenceKey(scope: scope)],
                    arguments: [String(epoch), first])
                if reply.integer == 1 { return .success(()) }
            } catch {
                return .failure(.backend(error))
            }
        }
        return .failure(.fenceUnavailable("the epochs of the database are behind those of Redis"))
    }
}
