import Logging
import RedisKit

/// Locks on one Redis: a server, the master of sentinels, or a cluster; or the part of one voter among several.
struct RedisLockStore: LockStore {
    private let redis: any RedisScripting
    private let backgroundReleases: BackgroundReleases
    /// Which of several independent masters this is; nil when it decides alone.
    private let voter: Int?

    init(_ redis: any RedisScripting, voter: Int? = nil, logger: Logger) {
        self.redis = redis
        self.voter = voter
        backgroundReleases = BackgroundReleases(logger: logger)
    }

    var canQueue: Bool { voter == nil }
    var announcers: [any RedisScripting] { [redis] }

    func acquire(
        _ request: LockRequest, owner: String, lease: Duration, waiting: WaitingPlace?
    ) async throws(RedisError) -> AcquireReply {
        let reply: RedisValue
        do throws(RedisError) {
            reply = try await send(request, owner, lease, waiting)
        } catch {
            if error.outcomeUnknown {
                giveBack(request.keys, owner: owner, lease: lease, mayAppear: true)
            }
            throw error
        }
        switch reply {
        case .array(let numbers):
            var positions = numbers.compactMap { $0.integer.map { Int($0) } }
            var remaining: Duration?
            if waiting != nil, !positions.isEmpty {
                let left = positions.removeFirst()
                remaining = left < 0 ? nil : .milliseconds(left)
            }
            return .held(positions.filter { request.resources.indices.contains($0) }, remaining: remaining)
        case .integer(-1):
            return .fenceLost
        default:
            if let number = reply.integer, let token = FencingToken(rawValue: number), token >= .first {
                return .granted(token, needsFence: false)
            }
        }
        giveBack(request.keys, owner: owner, lease: lease, mayAppear: false)
        throw RedisError(.protocolViolation, "an unexpected reply to an acquisition", outcomeUnknown: true)
    }

    private func send(
        _ request: LockRequest, _ owner: String, _ lease: Duration, _ waiting: WaitingPlace?
    ) async throws(RedisError) -> RedisValue {
        let milliseconds = String(lease.wholeMilliseconds)
        guard let waiting else {
            return try await redis.evaluate(
                voter == nil ? LockScripts.acquire : LockScripts.acquireVote, keys: [request.fenceKey] + request.keys,
                arguments: [owner, milliseconds])
        }
        return try await redis.evaluate(
            voter == nil ? LockScripts.acquireWaiting : LockScripts.acquireWaitingVote,
            keys: [request.fenceKey] + request.keys + (waiting.isFair ? request.queueKeys : []),
            arguments: [
                owner, milliseconds, String(request.keys.count), waiting.waiter,
                String(waiting.patience.wholeMilliseconds), waiting.hasFollowers ? "1" : "0",
            ])
    }

    func release(_ keys: [String], owner: String, remaining: Duration) async -> ReleaseOutcome {
        do throws(RedisError) {
            return try await releaseOnce(keys, owner)
        } catch {
            return await releaseAgain(keys, owner, remaining, after: error)
        }
    }

    func releaseLater(
        _ keys: [String], owner: String, remaining: Duration, completion: @escaping @Sendable (ReleaseOutcome) -> Void
    ) {
        redis.evaluateLater(LockScripts.release, keys: keys, arguments: [owner]) { reply in
            switch reply.flatMap({ value in Result { () throws(RedisError) in try Self.outcome(of: value) } }) {
            case .success(let outcome): completion(outcome)
            case .failure(let error):
                Task { completion(await releaseAgain(keys, owner, remaining, after: error)) }
            }
        }
    }

    /// Sends a release once more when the connection or the script was lost, else leaves it to the background.
    private func releaseAgain(
        _ keys: [String], _ owner: String, _ remaining: Duration, after error: RedisError
    ) async -> ReleaseOutcome {
        guard error.code == .connectionClosed || error.code == .unknownScript, remaining > .zero,
            let second = try? await releaseOnce(keys, owner)
        else {
            backgroundReleases.start(for: remaining, mayAppear: false) { try await releaseOnce(keys, owner) }
            return .unknown
        }
        // Where only the reply was lost, what is gone was given back by the first command.
        if error.outcomeUnknown, case .lost(_, takenByAnother: 0) = second { return .released }
        return second
    }

    func giveBack(_ keys: [String], owner: String, lease: Duration, mayAppear: Bool) {
        backgroundReleases.start(for: lease, mayAppear: mayAppear) { try await releaseOnce(keys, owner) }
    }

    /// Deletes the locks among `keys` that are `owner`'s.
    func releaseOnce(_ keys: [String], _ owner: String) async throws(RedisError) -> ReleaseOutcome {
        try Self.outcome(of: try await redis.evaluate(LockScripts.release, keys: keys, arguments: [owner]))
    }

    private static func outcome(of reply: RedisValue) throws(RedisError) -> ReleaseOutcome {
        guard let number = reply.integer else {
            throw RedisError(.protocolViolation, "an unexpected reply to a release", outcomeUnknown: true)
        }
        let (gone, taken) = counts(number)
        return gone + taken == 0 ? .released : .lost(gone: gone, takenByAnother: taken)
    }

    func renew(_ keys: [String], owner: String, lease: Duration) async throws(RedisError) -> RenewalReply {
        let reply = try await redis.evaluate(
            LockScripts.renew, keys: keys, arguments: [owner, String(lease.wholeMilliseconds)])
        guard let number = reply.integer else {
            throw RedisError(.protocolViolation, "an unexpected reply to a renewal", outcomeUnknown: true)
        }
        let (gone, taken) = Self.counts(number)
        return gone + taken == 0 ? .renewed : .lost(gone: gone, takenByAnother: taken)
    }

    func installFence(scope: String, epoch: Int64) async throws(RedisError) -> Bool {
        let first = FencingToken(epoch: epoch, counter: Int64(voter ?? 0))
        let reply = try await redis.evaluate(
            LockScripts.installFence, keys: [LockRequest.fenceKey(scope: scope)],
            arguments: [String(epoch), first.description])
        return reply.integer == 1
    }

    /// Makes the next tokens of this voter exceed `token`; false when its counter is lost.
    func raiseFence(scope: String, above token: FencingToken) async throws(RedisError) -> Bool {
        let number = token.raised(toVoter: Int64(voter ?? 0))
        let reply = try await redis.evaluate(
            LockScripts.raiseFence, keys: [LockRequest.fenceKey(scope: scope)], arguments: [String(number)])
        return reply.integer == 1
    }

    func leave(_ request: LockRequest, waiter: String) async throws(RedisError) {
        _ = try await redis.evaluate(
            LockScripts.leaveQueues, keys: request.keys + request.queueKeys, arguments: [waiter])
    }

    private static func counts(_ number: Int64) -> (gone: Int, taken: Int) {
        (Int(number >> 7 & 127), Int(number >> 14))
    }
}
