/// A replica and how it was when it was last asked.
package struct ReplicaReport: Sendable, Hashable {
    package let endpoint: Endpoint
    package let condition: ReplicaCondition
    /// The same in the replica's own words, such as `stopping`.
    package let status: String

    package init(_ endpoint: Endpoint, _ condition: ReplicaCondition, status: String? = nil) {
        self.endpoint = endpoint
        self.condition = condition
        self.status = status ?? condition.rawValue
    }
}
