/// Locks that were won together: proof for ``LockService/release(_:)`` and a fencing token for the store.
public struct LockGrant: Sendable {
    /// What is locked, sorted, each once.
    public let resources: [String]
    /// What the locks belong to, such as an event.
    public let scope: String
    /// The secret that marks the locks in Redis as this grant's, from the system's random source.
    public let owner: String
    /// Greater than every token given before in this scope.
    public let token: FencingToken
    /// When the locks were won.
    public let acquiredAt: ContinuousClock.Instant
    let keys: [String]
    /// The first half of the owner's mark as a number, to look the grant up by.
    let number: UInt64
    private let firstValidity: ContinuousClock.Instant
    /// Where renewals note what they won; nil for a grant that nobody renews.
    var validity: LockValidity?

    init(
        resources: [String], scope: String, owner: String, token: FencingToken, acquiredAt: ContinuousClock.Instant,
        validUntil: ContinuousClock.Instant, keys: [String]
    ) {
        self.resources = resources
        self.scope = scope
        self.owner = owner
        self.token = token
        self.acquiredAt = acquiredAt
        self.keys = keys
        firstValidity = validUntil
        number = LockOwner.number(of: owner)
    }

    /// Until when they are surely held: counted from before the command was sent, less 1 % for clocks that drift.
    /// Moves on with every renewal, in all copies of a grant that is being renewed.
    public var validUntil: ContinuousClock.Instant { validity?.end ?? firstValidity }

    /// Whether the lease still runs; a store must check the token all the same.
    public var isValid: Bool { ContinuousClock.now < validUntil }
}

/// What a release found.
public enum ReleaseOutcome: Sendable, Equatable {
    /// All locks were this grant's and are free now.
    case released
    /// Some were not this grant's any more: their lease was over, or Redis forgot them. Those that were are free.
    case lost(gone: Int, takenByAnother: Int)
    /// Redis did not answer; the release goes on in the background, and the lease ends the locks in any case.
    case unknown
}
