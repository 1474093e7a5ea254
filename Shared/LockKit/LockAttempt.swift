import RedisKit

/// One acquisition from its first command to its end.
struct LockAttempt {
    /// What the caller asked for besides the locks.
    struct Terms {
        let lease: Duration
        /// When waiting ends; nil gives up at the first refusal.
        let deadline: ContinuousClock.Instant?
        let isFair: Bool
    }

    /// Times that a lost fencing counter is started again before the acquisition gives up.
    private static let fenceStartsMax = 3
    /// How long a place in a queue lasts without a sign of life; whoever waits shows one every second.
    private static let patience = Duration.seconds(3)

    let service: LockService
    let request: LockRequest
    let terms: Terms
    /// Round trips after the first that found the locks held.
    private(set) var retries = 0
    private var fenceStarts = 0
    private var pause = WaitPause()
    /// There once the acquisition waits.
    private var waiter: LockWaiter?

    init(service: LockService, request: LockRequest, terms: Terms) {
        self.service = service
        self.request = request
        self.terms = terms
    }

    /// Tries until the locks are won, the deadline has passed, or something else than contention is in the way.
    ///
    /// However it ends, it leaves no place in a queue and no subscription.
    mutating func run() async throws(LockError) -> LockGrant {
        if terms.isFair { waiter = LockWaiter(keys: request.keys) }
        let result: Result<LockGrant, LockError>
        do throws(LockError) {
            result = .success(try await loop())
        } catch {
            result = .failure(error)
        }
        if let waiter { await leave(waiter, hasWon: (try? result.get()) != nil) }
        return try result.get()
    }

    /// Ends the waiting. Who has won does not wait until its listeners have noticed: the lease runs already.
    private func leave(_ waiter: LockWaiter, hasWon: Bool) async {
        if terms.isFair, terms.deadline != nil, !hasWon {
            // Without an answer the place ends by itself, for nobody shows signs of life in it.
            try? await service.store.leave(request, waiter: waiter.name)
        }
        guard retries > 0 else { return }
        let listeners = service.signals.leave(waiter, channel: request.channel)
        guard !hasWon else { return }
        for listener in listeners { await listener.value }
    }

    private mutating func loop() async throws(LockError) -> LockGrant {
        var wasWoken = false
        while true {
            guard !Task.isCancelled else {
                passOn(if: wasWoken)
                throw .cancelled
            }
            switch try await tryOnce() {
            case .granted(let grant): return grant
            case .refused(let resources, let lease):
                // Who was woken for nothing leaves the chance to the next.
                passOn(if: wasWoken && !terms.isFair)
                guard let deadline = terms.deadline else { throw .held(resources: resources) }
                let remaining = deadline - .now
                guard remaining > .zero else { throw .held(resources: resources) }
                retries += 1
                wasWoken = await rest(remaining: remaining, lease: lease)
            case .fenceLost:
                fenceStarts += 1
                guard fenceStarts <= Self.fenceStartsMax else {
                    throw .fenceUnavailable("Redis lost it \(fenceStarts) times during one acquisition")
                }
                try await service.fences.install(scope: request.scope)
            }
        }
    }

    private func passOn(if isDue: Bool) {
        guard isDue, let waiter else { return }
        service.signals.passOn(from: waiter, channel: request.channel)
    }

    /// Pauses before the next try; whether a release ended the pause.
    private mutating func rest(remaining: Duration, lease: Duration?) async -> Bool {
        if retries == 1 {
            // From here on releases are announced to it; the next try, at once, marks the locks as waited for.
            let entering = waiter ?? LockWaiter(keys: request.keys)
            waiter = entering
            service.signals.enter(entering, channel: request.channel)
            if !terms.isFair { return false }
        }
        guard let waiter else { return false }
        var generator = SystemRandomNumberGenerator()
        let pause = pause.next(
            remaining: remaining, lease: lease, isHeard: service.signals.isHeard(request.channel), using: &generator)
        return await waiter.sleep(atMost: pause) == .released
    }

    private enum Outcome {
        case granted(LockGrant)
        case refused([String], lease: Duration?)
        case fenceLost
    }

    private func tryOnce() async throws(LockError) -> Outcome {
        let owner = LockOwner.make()
        let sent = ContinuousClock.now
        let validUntil = sent + terms.lease * 0.99
        let reply: AcquireReply
        do throws(RedisError) {
            reply = try await service.store.acquire(request, owner: owner, lease: terms.lease, waiting: place)
        } catch {
            throw .backend(error)
        }
        switch reply {
        case .granted(let token, let needsFence):
            let now = ContinuousClock.now
            guard now < validUntil else {
                service.store.giveBack(request.keys, owner: owner, lease: terms.lease, mayAppear: false)
                throw .acquiredTooLate
            }
            if needsFence { service.fences.installInBackground(scope: request.scope) }
            return .granted(
                LockGrant(
                    resources: request.resources, scope: request.scope, owner: owner, token: token,
                    acquiredAt: now, validUntil: validUntil, keys: request.keys))
        case .held(let positions, let lease):
            return .refused(positions.map { request.resources[$0] }, lease: lease)
        case .fenceLost:
            return .fenceLost
        }
    }

    private var place: WaitingPlace? {
        guard let waiter else { return nil }
        return WaitingPlace(
            waiter: waiter.name, isFair: terms.isFair, patience: terms.deadline == nil ? .zero : Self.patience,
            hasFollowers: service.signals.hasFollowers(of: waiter, channel: request.channel))
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
