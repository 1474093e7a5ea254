/// What a signed-in person may do.
package enum UserRole: String, Sendable, Codable, CaseIterable {
    /// Minted without an account: may hold and buy.
    case guest
    /// Registered: may also organize events.
    case user
    /// Runs the installation.
    case admin
}
