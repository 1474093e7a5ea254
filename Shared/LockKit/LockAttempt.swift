import RedisKit

/// One acquisition from its first command to its end.
struct LockAttempt {
    /// What one round trip brought.
    private enum Reply {
        case granted(LockGrant)
        case held([String])
        case fenceLost
    }

    /// Times that a lost fencing counter is started again before the acquisition gives up.
    private static let fenceStartsMax = 3

    let service: LockService
    let request: LockRequest
    let lease: Duration
    /// Round trips after the first that found the locks held.
    private(set) var retries = 0
    private var fenceStarts = 0
    private var backoff = WaitBackoff()

    init(service: LockService, request: LockRequest, lease: Duration) {
        self.service = service
        self.request = request
        self.lease = lease
    }

    /// Tries until the locks are won, `deadline` has passed, or something else than contention is in the way.
    mutating func run(until deadline: ContinuousClock.Instant?) async throws(LockError) -> LockGrant {
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            switch try await tryOnce() {
            case .granted(let grant):
                return grant
            case .held(let resources):
                guard let deadline else { throw .held(resources: resources) }
                let remaining = deadline - .now
                guard remaining > .zero else { throw .held(resources: resources) }
                var generator = SystemRandomNumberGenerator()
                // A cancelled pause ends at once; the loop's first line sees why.
                try? await Task.sleep(for: backoff.next(remaining: remaining, using: &generator))
                retries += 1
            case .fenceLost:
                fenceStarts += 1
                guard fenceStarts <= Self.fenceStartsMax else {
                    throw .fenceUnavailable("Redis lost it \(fenceStarts) times during one acquisition")
                }
                try await service.fences.install(scope: request.scope)
            }
        }
    }

    private func tryOnce() async throws(LockError) -> Reply {
        let owner = LockOwner.make()
        let sent = ContinuousClock.now
        let validUntil = sent + lease * 0.99
        let reply: RedisValue
        do throws(RedisError) {
            reply = try await service.redis.evaluate(
                LockScripts.acquire, keys: [request.fenceKey] + request.keys,
                arguments: [owner, String(lease.wholeMilliseconds)])
        } catch {
            if error.outcomeUnknown {
                giveBack(owner, mayAppear: true)
            }
            throw .backend(error)
        }
        switch reply {
        case .bulk:
            guard let last = reply.integer, let token = FencingToken(rawValue: last + 1) else { break }
            let now = ContinuousClock.now
            guard now < validUntil else {
                giveBack(owner, mayAppear: false)
                throw .acquiredTooLate
            }
            return .granted(
                LockGrant(
                    resources: request.resources, scope: request.scope, owner: owner, token: token,
                    acquiredAt: now, validUntil: validUntil, keys: request.keys))
        case .array(let positions):
            let held = positions.compactMap { $0.integer }.filter { request.resources.indices.contains(Int($0)) }
            return .held(held.map { request.resources[Int($0)] })
        case .integer(-1):
            return .fenceLost
        default:
            break
        }
        giveBack(owner, mayAppear: false)
        throw .backend(RedisError(.protocolViolation, "an unexpected reply to an acquisition", outcomeUnknown: true))
    }

    private func giveBack(_ owner: String, mayAppear: Bool) {
        service.backgroundReleases.start(keys: request.keys, owner: owner, lease: lease, mayAppear: mayAppear)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
