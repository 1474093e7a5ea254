import Contracts

extension ServiceName {
    /// Its place in `allCases`, for tables that every request looks into: hashing a name costs more than the rest of the
    /// lookup.
    var slot: Int {
        switch self {
        case .gateway: 0
        case .auth: 1
        case .events: 2
        case .inventory: 3
        case .booking: 4
        case .payment: 5
        case .search: 6
        }
    }
}
