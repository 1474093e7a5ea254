import RedisKit

/// Locks that outlast their lease.
extension LockService {
    /// Lets locks last for `lease` from now on and returns the grant with its new end; the old one stays as it is.
    ///
    /// - Throws: ``LockError/lost(_:)`` when not all are held any more (what is gone is never taken again), and
    ///   ``LockError/backend(_:)`` when nobody knows; the grant's own end then still counts
    public func extend(_ grant: LockGrant, lease: Duration? = nil) async throws(LockError) -> LockGrant {
        let lease = try checked(lease)
        guard grant.isValid else { throw .lost(.leaseOver(nil)) }
        let sent = ContinuousClock.now
        let reply: RenewalReply
        do throws(RedisError) {
            reply = try await store.renew(grant.keys, owner: grant.owner, lease: lease)
        } catch {
            throw .backend(error)
        }
        switch reply {
        case .lost(let gone, let taken): throw .lost(.taken(gone: gone, takenByAnother: taken))
        case .renewed:
            monitor.extended(grant)
            return LockGrant(
                resources: grant.resources, scope: grant.scope, owner: grant.owner, token: grant.token,
                acquiredAt: grant.acquiredAt, validUntil: sent + lease * 0.99, keys: grant.keys)
        }
    }

    /// Runs `body` while the locks are held and renewed at every third of their lease, and releases them however it
    /// ends.
    ///
    /// `body` runs in a task of its own. When the locks are lost, that task is cancelled, and what it returns or throws
    /// then is replaced by ``LockError/lost(_:)``: nobody goes on believing in locks that are not there. Renewing has
    /// ended before the release is sent.
    ///
    /// - Parameter holdAtMost: after this time they are not renewed any more
    public func withLocks<Result: Sendable>(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil,
        isFair: Bool = false, holdAtMost: Duration, _ body: @escaping @Sendable (LockGrant) async throws -> Result
    ) async throws -> Result {
        let lease = try checked(lease)
        guard (lease...configuration.holdMax).contains(holdAtMost) else {
            throw LockError.invalidRequest("the time to hold is shorter than the lease, or out of range")
        }
        var held = try await acquire(
            resources, scope: scope, lease: lease, waitAtMost: waitAtMost, isFair: isFair)
        let validity = LockValidity(held.validUntil)
        held.validity = validity
        let grant = held
        let renewal = LockRenewal(
            service: self, grant: grant, validity: validity, lease: lease, holdAtMost: holdAtMost)
        let outcome = await outcome(of: grant, kept: renewal, body)
        await release(grant)
        return try outcome.get()
    }

    private enum Part<Value: Sendable>: Sendable {
        case body(Result<Value, any Error>)
        case loss(LockLoss?)
    }

    private func outcome<Value: Sendable>(
        of grant: LockGrant, kept renewal: LockRenewal, _ body: @escaping @Sendable (LockGrant) async throws -> Value
    ) async -> Result<Value, any Error> {
        await withTaskGroup(of: Part<Value>.self) { group in
            group.addTask {
                do {
                    return .body(.success(try await body(grant)))
                } catch {
                    return .body(.failure(error))
                }
            }
            group.addTask { .loss(await renewal.renew()) }
            group.addTask { .loss(await renewal.watch()) }
            var loss: LockLoss?
            var result: Result<Value, any Error> = .failure(CancellationError())
            for await part in group {
                switch part {
                case .body(let ended):
                    result = ended
                    // What was done after the end of the lease was done without the locks.
                    if loss == nil, !grant.isValid { loss = .leaseOver(nil) }
                    group.cancelAll()
                case .loss(let found?):
                    // The first reason is the cause; the body ends because of it.
                    if loss == nil { loss = found }
                    group.cancelAll()
                case .loss(nil): break
                }
            }
            return loss.map { .failure(LockError.lost($0)) } ?? result
        }
    }
}
