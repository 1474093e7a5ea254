import Contracts

/// Where a request goes.
struct Route: Sendable, Hashable {
    /// Requests and endless streams must not starve each other, so each kind has connections of its own.
    enum Lane: Int, Sendable, Hashable, CaseIterable {
        case request
        case stream
    }

    let service: ServiceName
    let lane: Lane

    init(_ service: ServiceName, _ lane: Lane = .request) {
        self.service = service
        self.lane = lane
    }
}
