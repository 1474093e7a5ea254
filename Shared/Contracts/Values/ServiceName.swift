/// The seven services, by the name that settings, tokens and health documents use.
package enum ServiceName: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    case gateway, auth, events, inventory, booking, payment, search

    /// The port a service listens on unless `PORT` says otherwise.
    package var defaultPort: Int {
        switch self {
        case .gateway: 5000
        case .inventory: 5001
        case .auth: 5002
        case .events: 5003
        case .payment: 5004
        case .booking: 5005
        case .search: 5006
        }
    }
}
