import RedisKit

/// Where locks are kept: one Redis, or a majority of several that know nothing of each other.
protocol LockStore: Sendable {
    /// Whether those who wait can be served in the order in which they came.
    var canQueue: Bool { get }

    /// Takes all locks of `request` for `owner`, or none.
    ///
    /// What may have been taken without an answer is given back in the background before this throws.
    func acquire(
        _ request: LockRequest, owner: String, lease: Duration, waiting: WaitingPlace?
    ) async throws(RedisError) -> AcquireReply

    /// Gives back what is still `owner`'s; goes on in the background where nobody answers, for `remaining` at most.
    func release(_ keys: [String], owner: String, remaining: Duration) async -> ReleaseOutcome

    /// The same for a caller that does not wait; `completion` is told what it found, and must not block.
    func releaseLater(
        _ keys: [String], owner: String, remaining: Duration, completion: @escaping @Sendable (ReleaseOutcome) -> Void)

    /// Gives the locks back without anyone waiting for it. With `mayAppear`, finding none does not end it.
    func giveBack(_ keys: [String], owner: String, lease: Duration, mayAppear: Bool)

    /// Lets the locks last for `lease` from now on, when all are still `owner`'s; never takes one that is not.
    func renew(_ keys: [String], owner: String, lease: Duration) async throws(RedisError) -> RenewalReply

    /// Starts the fencing counter of a scope in a new epoch; false when that one is not new.
    func installFence(scope: String, epoch: Int64) async throws(RedisError) -> Bool

    /// Leaves the queues of fair waiting, and lets the next one know where a lock is free.
    func leave(_ request: LockRequest, waiter: String) async throws(RedisError)

    /// Clients of the servers on which releases are announced.
    var announcers: [any RedisScripting] { get }
}

/// What one attempt brought.
enum AcquireReply: Sendable, Equatable {
    /// All locks are won; with them a token, and whether some server of several has lost its fencing counter.
    case granted(FencingToken, needsFence: Bool)
    /// Positions of the resources that others hold, or wait for in front of this one, and the time after which the
    /// longest lease among them is over.
    case held([Int], remaining: Duration?)
    /// The fencing counter is lost; nothing is held.
    case fenceLost
}

/// What a renewal found.
enum RenewalReply: Sendable, Equatable {
    case renewed
    /// Some are gone or another's, so none was renewed.
    case lost(gone: Int, takenByAnother: Int)
}

/// How somebody waits for locks.
struct WaitingPlace: Sendable {
    /// Names the waiter in queues; of the system's random source.
    let waiter: String
    /// Whether the one who came first is served first.
    let isFair: Bool
    /// How long the place in the queue is kept without a sign of life; zero does not queue at all.
    let patience: Duration
    /// Whether others of this process wait for the same, so that they must hear of the next release.
    var hasFollowers = false
}
