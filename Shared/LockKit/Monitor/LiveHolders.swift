/// Grants that have not been given back, as far as there is room.
struct LiveHolders: Sendable {
    private let capacity: Int
    /// By the first half of their owners' marks, which is random enough to tell them apart.
    private var grants: [UInt64: LockGrant] = [:]
    /// Grants that found no room.
    private(set) var omitted = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func add(_ grant: LockGrant) {
        guard grants.count < capacity else {
            omitted += 1
            return
        }
        grants[grant.number] = grant
    }

    /// Whether the grant was remembered; a second release of it finds nothing.
    @discardableResult
    mutating func remove(_ grant: LockGrant) -> Bool {
        grants.removeValue(forKey: grant.number) != nil
    }

    /// Forgets holders that never released and whose lease has been over for a minute.
    mutating func removeAbandoned(now: ContinuousClock.Instant) {
        grants = grants.filter { now - $0.value.validUntil < .seconds(60) }
    }

    /// The grants held longest.
    func oldest(_ count: Int, now: ContinuousClock.Instant) -> [ContentionSnapshot.Holder] {
        grants.values.sorted { $0.acquiredAt < $1.acquiredAt }.prefix(count).map { grant in
            ContentionSnapshot.Holder(
                resources: grant.resources, token: grant.token,
                ageMs: Double((now - grant.acquiredAt).nanoseconds) / 1e6,
                remainingLeaseMs: Double((grant.validUntil - now).nanoseconds) / 1e6)
        }
    }

    var count: Int { grants.count }
}

extension Duration {
    /// The duration in nanoseconds, rounded down.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
