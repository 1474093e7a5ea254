import HTTPKit
import NIOCore

/// Every limit of the gateway.
struct GatewayLimits: Sendable {
    var clientConnectionsMax = 16_000
    /// Requests under way and waiting, for each service.
    var inFlightMax = 1_024
    /// Event streams under way, for each service.
    var streamsMax = 10_000
    /// Connections to each replica of a service for requests; streams have their own.
    var upstreamConnectionsMax = 128
    var upstreamIdleTimeout = TimeAmount.seconds(30)
    var upstreamConnectTimeout = TimeAmount.seconds(1)
    var responseHeadBytesMax = 16_384

    var head = RequestReader.Limits()
    var bodyBytesMax = 1_048_576
    /// From the first byte of a request to the last of its head.
    var headTimeout = TimeAmount.seconds(10)
    /// A body may take this long however small it is …
    var bodyGrace = TimeAmount.seconds(10)
    /// … and then must have come at this pace.
    var bodyBytesPerSecondMin = 1_000
    /// Between two requests of a connection; longer than clients keep theirs.
    var idleTimeout = TimeAmount.seconds(75)
    /// How long a client may take nothing of a response that is waiting for it.
    var stallTimeout = TimeAmount.seconds(30)
    /// How long the rest of a refused body is thrown away, so that the client reads the refusal before the connection
    /// ends.
    var lingerTimeout = TimeAmount.seconds(5)
    /// How much of it.
    var lingerBytesMax = 4 * 1_048_576

    /// How long a service has for a response, and then for each piece of it.
    var requestTimeout = TimeAmount.seconds(10)
    /// Bytes of a request that wait for the rest of its body, or for a connection to the service.
    var pendingBytesMax = 32_768

    /// What services are told: a little less, so that their answer comes before the gateway's patience ends.
    var announcedTimeout: TimeAmount {
        .nanoseconds(max(requestTimeout.nanoseconds - 200_000_000, requestTimeout.nanoseconds / 2))
    }
}
