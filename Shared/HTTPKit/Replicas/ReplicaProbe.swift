/// Asks one replica whether it should get requests.
package protocol ReplicaProbe: Sendable {
    /// How it is, by `deadline` at the latest; what cannot be asked is `silent` or `unreachable`, never an error.
    func report(on replica: Endpoint, deadline: Deadline) async -> ReplicaReport
}
