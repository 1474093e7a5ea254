import Contracts
import HTTPKit
import NIOCore
import ServiceKit

/// One request on its way to a service and its response on the way back.
///
/// It keeps what was sent for as long as it may have to be sent again, and stops one side when the other is slow.
final class ForwardedExchange: UpstreamExchange {
    private(set) var deadline: NIODeadline
    let upstream: Upstream
    private let route: Route
    private let method: RequestMethod
    private let isChunked: Bool
    private let limits: GatewayLimits
    private var client: (any ExchangeClient)?
    private var connection: UpstreamConnection?
    private var attempts: RequestAttempts
    /// The request from its first byte; nil once it cannot or need not be sent again.
    private var kept: ByteBuffer?
    private var requestIsComplete = false
    private var hasStarted = false
    private var isPaused = false
    private var responseHasBegun = false

    init(
        _ head: ByteBuffer, _ framing: BodyFraming, method: RequestMethod, to route: Route, upstream: Upstream,
        limits: GatewayLimits, client: any ExchangeClient
    ) {
        kept = head
        isChunked = framing == .chunked
        self.method = method
        self.route = route
        self.upstream = upstream
        self.limits = limits
        self.client = client
        attempts = upstream.attempts(on: route.lane)
        deadline = .now() + limits.requestTimeout
    }

    /// Whether its response may go on for ever.
    var isStream: Bool { route.lane == .stream }

    // MARK: - From the client

    /// Whether more of the request's body is welcome.
    var wantsBody: Bool {
        if let connection { return connection.isWritable }
        return (kept?.readableBytes ?? 0) < limits.pendingBytesMax
    }

    /// Asks for a connection as soon as there is work for it: when all of the request has come, or as much of its body
    /// as waits here. Clients that send slowly would otherwise hold the few connections there are.
    ///
    /// The service's time begins here, too. What has been sent until then goes in one write.
    func startWhenReady() {
        guard !hasStarted, requestIsComplete || !wantsBody else { return }
        guard upstream.enter(route.lane) else {
            let message = "too many requests for \(upstream.service.rawValue) are under way"
            return fail(UpstreamFailure(error: HTTPClientError(.overloaded, message)))
        }
        hasStarted = true
        deadline = .now() + limits.requestTimeout
        guard let pool = attempts.begin() else {
            let message = "no replica of \(upstream.service.rawValue) can be reached now"
            return fail(UpstreamFailure(error: HTTPClientError(.connectFailed, message)))
        }
        pool.lease(self)
    }

    /// Sends a piece of the body; with `isLast` the request is complete.
    func send(_ bytes: ByteBuffer?, isLast: Bool) {
        requestIsComplete = isLast
        guard let connection else { return encode(bytes, isLast: isLast, into: &kept) }
        var encoded: ByteBuffer? = ByteBuffer()
        if isChunked || bytes == nil {
            encode(bytes, isLast: isLast, into: &encoded)
        } else {
            encoded = bytes
        }
        keep(encoded)
        connection.send(encoded ?? ByteBuffer(), isLast: isLast)
    }

    /// The client takes no more of the response for now.
    func pauseResponse() {
        guard let connection, !isPaused else { return }
        isPaused = true
        connection.pauseReading()
        // While the client is slow the service cannot be late; the client's patience is watched elsewhere.
        connection.moveDeadline(to: nil)
    }

    func resumeResponse() {
        guard let connection, isPaused else { return }
        isPaused = false
        extendDeadline()
        connection.resumeReading()
    }

    /// The client does not want the response any more.
    func abandon() {
        guard client != nil else { return }
        if let connection {
            self.connection = nil
            connection.abandon()
        } else {
            _ = attempts.pool?.withdraw(self)
        }
        end()
    }

    // MARK: - From the service

    func leased(_ connection: UpstreamConnection) {
        self.connection = connection
        connection.begin(self, requestIsHead: method == .head)
        if let kept { connection.send(kept, isLast: requestIsComplete) }
        if !method.isIdempotent { kept = nil }
        if !requestIsComplete { client?.requestRoomChanged() }
    }

    func received(interim: ResponseHead) {
        client?.responseInterim(interim)
    }

    func received(head: ResponseHead, framing: BodyFraming) {
        kept = nil
        responseHasBegun = true
        client?.responseHead(head, framing: framing)
    }

    func received(body: ByteBuffer) {
        client?.responseBody(body)
    }

    func receivedAll() {
        if responseHasBegun, !isPaused { extendDeadline() }
        client?.responsePaused()
    }

    func finished() {
        let client = self.client
        attempts.end(answered: true)
        end()
        client?.responseEnded()
    }

    func failed(_ failure: UpstreamFailure) {
        connection = nil
        if let pool = attempts.next(after: failure, method: method, isAtHand: kept != nil) {
            upstream.metrics.retries.increment()
            return pool.lease(self)
        }
        fail(attempts.remembering(failure))
    }

    func upstreamWritabilityChanged(isWritable: Bool) {
        client?.requestRoomChanged()
    }

    // MARK: - Inside

    /// A response that has begun may take as long as it likes in all, but not between two pieces; a stream may.
    private func extendDeadline() {
        connection?.moveDeadline(to: isStream ? nil : .now() + limits.requestTimeout)
    }

    private func encode(_ bytes: ByteBuffer?, isLast: Bool, into buffer: inout ByteBuffer?) {
        if let bytes, bytes.readableBytes > 0 {
            if isChunked { buffer?.writeChunk(bytes) } else { buffer?.writeImmutableBuffer(bytes) }
        }
        if isChunked, isLast { buffer?.writeStaticString(ByteBuffer.lastChunk) }
    }

    /// Keeps bytes that were sent after the first write, as long as all of them together are few.
    private func keep(_ bytes: ByteBuffer?) {
        guard var all = kept, let bytes else { return }
        kept = nil
        guard all.readableBytes + bytes.readableBytes <= limits.pendingBytesMax else { return }
        all.writeImmutableBuffer(bytes)
        kept = all
    }

    private func fail(_ failure: UpstreamFailure) {
        let client = self.client
        end()
        client?.responseFailed(failure)
    }

    private func end() {
        guard client != nil else { return }
        attempts.end(answered: false)
        client = nil
        connection = nil
        kept = nil
        if hasStarted { upstream.leave(route.lane) }
    }
}
