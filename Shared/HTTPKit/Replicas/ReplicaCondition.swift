/// What a replica was found to be when it was last asked.
package enum ReplicaCondition: String, Sendable, Hashable, CaseIterable {
    /// Nobody has asked yet; it counts as ready, because a process that starts must not wait for its first round.
    case unknown
    case ready
    /// It answers, and says that something it needs is missing or that it is stopping.
    case notReady
    /// Something took the connection and did not answer in time: overloaded, or hung.
    case silent
    /// No connection can be made.
    case unreachable
}
