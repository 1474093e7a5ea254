import Contracts
import HTTPKit
import NIOCore
import ServiceKit

/// One service as seen from one event loop: its replicas, and how much is under way.
final class Upstream {
    let service: ServiceName
    /// The value of a Host field for a client that sent none.
    var authority: String { replicas.authority }
    private let replicas: ReplicaSet
    private let inFlightMax: Int
    private let streamsMax: Int
    private var inFlightCount = 0
    private var streamCount = 0
    let metrics: UpstreamMetrics

    /// - Parameter share: among how many event loops the limits are divided
    init(
        _ service: ServiceName, at directory: ReplicaDirectory, on eventLoop: any EventLoop, limits: GatewayLimits,
        share: Int, metrics: UpstreamMetrics
    ) {
        self.service = service
        self.metrics = metrics
        let inFlightMax = max(1, limits.inFlightMax / share)
        let streamsMax = max(1, limits.streamsMax / share)
        self.inFlightMax = inFlightMax
        self.streamsMax = streamsMax
        func lane(connectionsMax: Int, waitersMax: Int) -> EndpointPool.Limits {
            EndpointPool.Limits(
                connectionsMax: connectionsMax, waitersMax: waitersMax, idleTimeout: limits.upstreamIdleTimeout,
                connectTimeout: limits.upstreamConnectTimeout, headBytesMax: limits.responseHeadBytesMax)
        }
        let lanes = Route.Lane.allCases.map { name in
            switch name {
            case .request:
                lane(connectionsMax: max(1, limits.upstreamConnectionsMax / share), waitersMax: inFlightMax)
            case .stream: lane(connectionsMax: streamsMax, waitersMax: streamsMax)
            }
        }
        replicas = ReplicaSet(directory, on: eventLoop, lanes: lanes)
    }

    /// The attempts of a request, each of which gets its replica here.
    func attempts(on lane: Route.Lane) -> RequestAttempts {
        RequestAttempts(replicas, lane: lane.rawValue)
    }

    /// Whether another request may be under way.
    func hasRoom(on lane: Route.Lane) -> Bool {
        switch lane {
        case .request: inFlightCount < inFlightMax
        case .stream: streamCount < streamsMax
        }
    }

    /// Counts a request in; false when there are too many already.
    func enter(_ lane: Route.Lane) -> Bool {
        guard hasRoom(on: lane) else { return false }
        switch lane {
        case .request: inFlightCount += 1
        case .stream: streamCount += 1
        }
        metrics.inFlight.increment()
        return true
    }

    /// Counts a request out.
    func leave(_ lane: Route.Lane) {
        switch lane {
        case .request: inFlightCount -= 1
        case .stream: streamCount -= 1
        }
        metrics.inFlight.add(-1)
    }

    func shutdown() {
        replicas.shutdown()
    }
}
