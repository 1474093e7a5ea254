import HTTPKit
import Logging
import NIOCore

/// A client's connection: a channel handler that takes one request after another and writes their responses.
///
/// It carries out what the pure parts decide: `RequestReader` what the bytes are, `Admission` what becomes of a
/// request, `ExchangeProgress` what follows a response, `ClientPatience` how long the client may take. Requests sent
/// ahead stay in the reader until it is their turn. Everything happens on the connection's event loop.
final class ClientConnection: ChannelDuplexHandler, NIOScheduledCallbackHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Waiting for a request or in the middle of its head.
        case betweenRequests
        /// From the head of a request to the last byte of its response.
        case serving
        /// The last response is being sent.
        case closing
        /// The last response is sent; what still comes is thrown away.
        case lingering
        case closed
    }

    let loop: GatewayLoop
    /// The lines that are the same for every request of this client.
    let clientLines: UpstreamHeadWriter.ClientLines
    var context: ChannelHandlerContext?
    var reader: RequestReader
    var patience: ClientPatience
    var phase = Phase.betweenRequests
    var request: RequestInProgress?
    var exchange: ForwardedExchange?
    /// Bytes for the client that the next flush takes along.
    var output = ByteBuffer()
    /// Counts requests, so that an answer that comes later finds the right one.
    var requestCount = 0
    private var timer = LazyTimer()
    private var isProcessing = false
    private var readIsPending = false
    private var lingeredBytes = 0

    init(loop: GatewayLoop, peer: SocketAddress?) {
        self.loop = loop
        clientLines = loop.headWriter.lines(ofClientAt: peer?.ipAddress)
        reader = RequestReader(limits: loop.limits.head)
        patience = ClientPatience(loop.limits)
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        patience.awaitRequest(.now())
        loop.opened(self)
        armTimer()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch phase {
        case .betweenRequests, .serving:
            reader.feed(bytes)
            process()
        case .lingering:
            lingeredBytes += bytes.readableBytes
            if lingeredBytes > loop.limits.lingerBytesMax { close() }
        case .closing, .closed:
            break
        }
    }

    func read(context: ChannelHandlerContext) {
        if holdsInput {
            readIsPending = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            patience.readingResumed()
            exchange?.resumeResponse()
            process()
        } else {
            patience.readingStalled(.now())
            exchange?.pauseResponse()
        }
        armTimer()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.debug("client connection broke", metadata: ["error": "\(error)"])
        close()
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard timer.fired(on: eventLoop, handler: self) else { return }
        if let lapse = patience.lapse(.now()) { lapsed(lapse) }
        armTimer()
    }

    // MARK: - For the requests and responses

    /// Takes as much of the input as can be used now.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        do throws(HTTPSyntaxError) {
            while try takeInput() {}
        } catch {
            refuse(Refusal(error))
        }
        isProcessing = false
        armTimer()
        if readIsPending, !holdsInput {
            readIsPending = false
            context?.read()
        }
    }

    /// Sends what is ready.
    func flush() {
        if output.readableBytes > 0 {
            let bytes = output
            output = ByteBuffer()
            context?.write(wrapOutboundOut(bytes), promise: nil)
        }
        context?.flush()
    }

    /// Does what the end of a response asks for.
    func follow(_ ending: ExchangeProgress.Ending, _ now: NIODeadline) {
        switch ending {
        case .next:
            phase = .betweenRequests
            patience.awaitRequest(now)
            process()
        case .close where reader.bufferedBytes == 0:
            closeWhenSent(lingers: false)
        case .close, .linger:
            closeWhenSent(lingers: true)
        }
    }

    /// Ends the connection as soon as no request is under way; a stream, which would go on, ends now.
    func drain() {
        switch phase {
        case .betweenRequests where reader.isBetweenRequests: close()
        case .serving:
            request?.progress.end()
            endStream()
        case .betweenRequests, .closing, .lingering, .closed: break
        }
    }

    /// Ends the connection now, and with it the exchange with a service.
    func close() {
        ended()
        context?.close(promise: nil)
    }

    /// Whether the client has taken enough of what it was sent to ask for more: who sends requests ahead and reads
    /// nothing would otherwise have all of their responses kept here.
    var hasRoomForResponse: Bool { context?.channel.isWritable ?? false }

    // MARK: - Inside

    /// Whether the client is to wait: it has sent more than can be used now.
    private var holdsInput: Bool {
        if phase == .betweenRequests { return !hasRoomForResponse }
        guard phase == .serving, let request else { return false }
        if request.progress.requestIsComplete { return reader.bufferedBytes > 0 }
        return !(exchange?.wantsBody ?? true)
    }

    private func ended() {
        guard phase != .closed else { return }
        phase = .closed
        timer.cancel()
        exchange?.abandon()
        exchange = nil
        request = nil
        loop.closed(self)
    }

    private func armTimer() {
        guard phase != .closed, let context else { return }
        timer.set(patience.due, on: context.eventLoop, handler: self)
    }

    private func lapsed(_ lapse: ClientPatience.Lapse) {
        switch lapse {
        case .idle, .stalledReading, .lingering: close()
        case .head, .body: refuse(.requestTimeout)
        }
    }

    /// Waits until everything is written, since closing throws away what is not.
    private func closeWhenSent(lingers: Bool) {
        guard let context else { return }
        phase = .closing
        // The client may need time to take what is waiting, as with any other response.
        patience.awaitNothing()
        patience.readingStalled(.now())
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in self.sentAll(lingers: lingers) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    private func sentAll(lingers: Bool) {
        guard phase == .closing else { return }
        guard lingers else { return close() }
        phase = .lingering
        patience.awaitEnd(.now())
        armTimer()
        context?.close(mode: .output, promise: nil)
    }
}
