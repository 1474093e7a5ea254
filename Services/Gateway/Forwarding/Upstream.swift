import Contracts
import HTTPKit
import NIOCore
import ServiceKit

/// One service as seen from one event loop: where it is, its pools of connections, and how much is under way.
///
/// Whoever forwards asks for a pool here for every attempt, so that this is the only place that knows which endpoint of
/// a service gets a request.
final class Upstream {
    let service: ServiceName
    let endpoint: Endpoint
    private let requests: EndpointPool
    private let streams: EndpointPool
    private let inFlightMax: Int
    private let streamsMax: Int
    private var inFlightCount = 0
    private var streamCount = 0
    let metrics: UpstreamMetrics

    /// - Parameter share: among how many event loops the limits are divided
    init(
        _ service: ServiceName, at endpoint: Endpoint, on eventLoop: any EventLoop, limits: GatewayLimits, share: Int,
        metrics: UpstreamMetrics
    ) {
        self.service = service
        self.endpoint = endpoint
        self.metrics = metrics
        inFlightMax = max(1, limits.inFlightMax / share)
        streamsMax = max(1, limits.streamsMax / share)
        func pool(connectionsMax: Int, waitersMax: Int) -> EndpointPool {
            EndpointPool(
                endpoint: endpoint, eventLoop: eventLoop,
                limits: .init(
                    connectionsMax: connectionsMax, waitersMax: waitersMax, idleTimeout: limits.upstreamIdleTimeout,
                    connectTimeout: limits.upstreamConnectTimeout, headBytesMax: limits.responseHeadBytesMax))
        }
        requests = pool(connectionsMax: max(1, limits.upstreamConnectionsMax / share), waitersMax: inFlightMax)
        streams = pool(connectionsMax: streamsMax, waitersMax: streamsMax)
    }

    /// The pool for the next attempt of a request.
    func pool(for lane: Route.Lane) -> EndpointPool {
        lane == .request ? requests : streams
    }

    /// Counts a request in; false when there are too many already.
    func enter(_ lane: Route.Lane) -> Bool {
        switch lane {
        case .request:
            guard inFlightCount < inFlightMax else { return false }
            inFlightCount += 1
        case .stream:
            guard streamCount < streamsMax else { return false }
            streamCount += 1
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
        requests.shutdown()
        streams.shutdown()
    }
}
