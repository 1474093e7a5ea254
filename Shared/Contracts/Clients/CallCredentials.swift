/// Proves to another service that a call comes from inside.
package protocol CallCredentials: Sendable {
    /// A short-lived token that only `service` accepts.
    func bearerToken(for service: ServiceName) throws -> String
}
