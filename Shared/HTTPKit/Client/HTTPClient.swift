package import Logging
package import NIOCore
import ServiceLifecycle

/// A lean HTTP/1.1 client for calls between services, with a pool of kept connections on each event loop.
///
/// A request costs one hop to an event loop and one back, one write and one continuation. It goes to a replica that is
/// well, and to another one when that fails, as `RetryRule` allows. Whatever a server does, it ends by its deadline.
package final class HTTPClient: Service, Sendable {
    /// The limits of the client; every queue and every buffer has one.
    package struct Limits: Sendable {
        /// For each endpoint or replica, shared by the event loops.
        package var connectionsPerEndpointMax = 64
        /// Requests that wait for a connection, for each endpoint or replica, shared by the event loops.
        package var waitersMax = 4_096
        /// Kept connections are not used again after this; servers keep theirs longer.
        package var idleTimeout = Duration.seconds(30)
        package var connectTimeout = Duration.seconds(1)
        package var responseBodyBytesMax = 16 * 1_024 * 1_024
        package var headBytesMax = 16 * 1_024

        package init() {}
    }

    /// Where a request goes.
    package enum Destination: Sendable {
        /// To a replica that is well; when none can be reached, it fails at once.
        case service(ReplicaDirectory)
        /// To that endpoint, however it was found to be.
        case endpoint(Endpoint)

        /// The value of the Host field.
        var authority: String {
            switch self {
            case .service(let directory): directory.authority
            case .endpoint(let endpoint): endpoint.authority
            }
        }
    }

    private let eventLoopGroup: any EventLoopGroup
    private let limits: Limits
    private let logger: Logger
    private let loops: [ObjectIdentifier: NIOLoopBoundBox<ClientLoop>]

    /// A client on the loops of `eventLoopGroup`, which has to outlive it.
    package init(eventLoopGroup: any EventLoopGroup, limits: Limits = Limits(), logger: Logger) {
        self.eventLoopGroup = eventLoopGroup
        self.limits = limits
        self.logger = logger
        let eventLoops = Array(eventLoopGroup.makeIterator())
        let share = max(1, eventLoops.count)
        let poolLimits = EndpointPool.Limits(
            connectionsMax: max(1, limits.connectionsPerEndpointMax / share),
            waitersMax: max(1, limits.waitersMax / share),
            idleTimeout: TimeAmount(limits.idleTimeout),
            connectTimeout: TimeAmount(limits.connectTimeout),
            headBytesMax: limits.headBytesMax)
        var loops: [ObjectIdentifier: NIOLoopBoundBox<ClientLoop>] = [:]
        for eventLoop in eventLoops {
            loops[ObjectIdentifier(eventLoop)] = .makeBoxSendingValue(
                ClientLoop(eventLoop: eventLoop, limits: poolLimits), eventLoop: eventLoop)
        }
        self.loops = loops
    }

    /// Sends a request to one of the replicas of a service and returns its complete response, whatever its status.
    package func send(
        _ request: ClientRequest, to service: ReplicaDirectory, deadline: Deadline
    ) async throws(HTTPClientError) -> ClientResponse {
        try await send(request, to: .service(service), deadline: deadline)
    }

    /// Sends a request to one endpoint and returns its complete response, whatever its status.
    package func send(
        _ request: ClientRequest, to endpoint: Endpoint, deadline: Deadline
    ) async throws(HTTPClientError) -> ClientResponse {
        try await send(request, to: .endpoint(endpoint), deadline: deadline)
    }

    /// Sends a request and returns its complete response, whatever its status.
    ///
    /// Unless the request names one, the field `Request-Deadline-Ms` tells the service how long its caller waits. When
    /// the task is cancelled the exchange ends at once.
    package func send(
        _ request: ClientRequest, to destination: Destination, deadline: Deadline
    ) async throws(HTTPClientError) -> ClientResponse {
        guard !deadline.hasPassed else { throw HTTPClientError(.deadlineExceeded, "no time was left for the request") }
        let encoded = try RequestEncoder.encode(request, host: destination.authority, deadline: deadline)
        let method = RequestMethod(rawValue: request.method) ?? .other
        let eventLoop = eventLoopGroup.any()
        guard let loop = loops[ObjectIdentifier(eventLoop)] else {
            throw HTTPClientError(.invalidRequest, "the event loop belongs to no loop of the client's group")
        }
        let slot = NIOLoopBoundBox.makeBoxSendingValue(ExchangeSlot(), eventLoop: eventLoop)
        let bodyBytesMax = limits.responseBodyBytesMax
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                Self.onLoop(eventLoop) {
                    slot.value.start { () throws(HTTPClientError) in
                        ClientExchange(
                            head: encoded.head, body: encoded.body, method: method, deadline: deadline.instant,
                            responseBodyBytesMax: bodyBytesMax, replicas: try loop.value.replicas(of: destination),
                            completion: { continuation.resume(returning: $0) })
                    } failure: {
                        continuation.resume(returning: .failure($0))
                    }
                }
            }
        } onCancel: {
            eventLoop.execute { slot.value.cancel() }
        }
        return try result.get()
    }

    /// Closes all connections; requests under way and later ones fail.
    package func shutdown() async {
        for (_, loop) in loops {
            // The loop is the group's own; it refuses work only when it has shut down, and its connections with it.
            try? await loop.eventLoop.submit { loop.value.shutdown() }.get()
        }
        logger.debug("HTTP client is shut down")
    }

    /// Idles until graceful shutdown, then closes.
    package func run() async throws {
        // Cancellation ends the wait just as well: either way the connections are to be closed.
        try? await gracefulShutdown()
        await shutdown()
    }

    private typealias Outcome = Result<ClientResponse, HTTPClientError>

    private static func onLoop(_ eventLoop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop {
            body()
        } else {
            eventLoop.execute(body)
        }
    }
}
