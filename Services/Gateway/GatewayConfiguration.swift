import HTTPKit
import NIOCore
import ServiceKit

/// What the gateway can be told, besides the settings of every service.
///
/// `CONNECTIONS_MAX`, `IN_FLIGHT_MAX`, `STREAMS_MAX`, `UPSTREAM_CONNECTIONS_MAX`, `HEAD_SECONDS`, `IDLE_SECONDS` and
/// `BODY_BYTES_PER_SECOND_MIN`; what each means is said by `gateway --help`, which is made from the same lines.
struct GatewayConfiguration: Sendable {
    let clientConnectionsMax: Int
    let inFlightMax: Int
    let streamsMax: Int
    let upstreamConnectionsMax: Int
    let headTimeout: Duration
    let idleTimeout: Duration
    let bodyBytesPerSecondMin: Int

    init(_ settings: Settings) throws {
        clientConnectionsMax = try settings.int(
            "CONNECTIONS_MAX", default: 16_000, in: 1...1_000_000, help: "client connections at a time")
        inFlightMax = try settings.int(
            "IN_FLIGHT_MAX", default: 1_024, in: 1...100_000, help: "requests at a time for each service")
        streamsMax = try settings.int(
            "STREAMS_MAX", default: 10_000, in: 1...100_000, help: "event streams at a time for each service")
        upstreamConnectionsMax = try settings.int(
            "UPSTREAM_CONNECTIONS_MAX", default: 128, in: 1...10_000, help: "connections to each replica for requests")
        headTimeout = try settings.seconds(
            "HEAD_SECONDS", default: 10, in: 0.05...600, help: "time a client has for the head of a request")
        idleTimeout = try settings.seconds(
            "IDLE_SECONDS", default: 75, in: 0.05...3600, help: "time a connection is kept between requests")
        bodyBytesPerSecondMin = try settings.int(
            "BODY_BYTES_PER_SECOND_MIN", default: 1_000, in: 1...1_000_000, help: "slowest upload of a body")
    }

    /// All limits together.
    func limits(_ common: CommonSettings) -> GatewayLimits {
        var limits = GatewayLimits()
        limits.clientConnectionsMax = clientConnectionsMax
        limits.inFlightMax = inFlightMax
        limits.streamsMax = streamsMax
        limits.upstreamConnectionsMax = upstreamConnectionsMax
        limits.headTimeout = TimeAmount(headTimeout)
        limits.idleTimeout = TimeAmount(idleTimeout)
        limits.bodyBytesPerSecondMin = bodyBytesPerSecondMin
        limits.bodyBytesMax = common.bodyBytesMax
        limits.requestTimeout = TimeAmount(common.requestTimeout)
        return limits
    }
}
