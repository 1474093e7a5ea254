package import NIOCore

/// A connection to a server: a channel handler that carries one exchange after another.
///
/// It belongs to the event loop of its channel. It times the response, tells the exchange what comes, gives itself
/// back to its pool after a clean end, and closes after every other.
package final class UpstreamConnection: ChannelDuplexHandler, NIOScheduledCallbackHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let pool: EndpointPool
    private var context: ChannelHandlerContext?
    private var reader: ResponseReader
    private var timer = LazyTimer()
    private var exchange: (any UpstreamExchange)?
    private var exchangeCount = 0
    private var requestBytesSent = 0
    private var requestIsComplete = true
    private var readIsPaused = false
    private var readIsPending = false
    private(set) var isClosed = false
    /// Whether an exchange has it; its pool says so.
    var isLeased = false

    init(pool: EndpointPool, headBytesMax: Int) {
        self.pool = pool
        reader = ResponseReader(headBytesMax: headBytesMax)
    }

    // MARK: - What the exchange does with it

    /// Whether more of a request's body may be written now.
    package var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Expects the response to the request that `exchange` is about to send, until its deadline.
    package func begin(_ exchange: any UpstreamExchange, requestIsHead: Bool) {
        self.exchange = exchange
        exchangeCount += 1
        requestBytesSent = 0
        requestIsComplete = false
        reader.begin(requestIsHead: requestIsHead)
        moveDeadline(to: exchange.deadline)
    }

    /// Sends bytes of the request; with `isLast` the request is complete.
    package func send(_ bytes: ByteBuffer, isLast: Bool) {
        write(bytes)
        if isLast { requestIsComplete = true }
        context?.flush()
    }

    /// Queues bytes of the request that a later `send` takes along.
    package func write(_ bytes: ByteBuffer) {
        requestBytesSent += bytes.readableBytes
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Sets another moment by which the response must have ended; nil for one that may stream for ever.
    package func moveDeadline(to deadline: NIODeadline?) {
        guard let context else { return }
        timer.set(deadline, on: context.eventLoop, handler: self)
    }

    /// Takes no more bytes from the server until `resumeReading`, so that a slow receiver slows the sender.
    package func pauseReading() {
        readIsPaused = true
    }

    package func resumeReading() {
        readIsPaused = false
        guard readIsPending else { return }
        readIsPending = false
        context?.read()
    }

    /// Gives up the exchange: the connection closes, the exchange hears nothing more.
    package func abandon() {
        exchange = nil
        close()
    }

    // MARK: - What the channel does

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        timer.cancel()
        self.context = nil
    }

    package func read(context: ChannelHandlerContext) {
        if readIsPaused {
            readIsPending = true
        } else {
            context.read()
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed else { return }
        guard exchange != nil else { return close() }
        reader.feed(unwrapInboundIn(data))
        deliver()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        do {
            if case .end = try reader.inputEnded() {
                complete(reusable: false)
            } else {
                fail(.connectionClosed, "the server closed the connection")
            }
        } catch {
            fail(.connectionClosed, "the server closed the connection before the response was complete")
        }
        context.fireChannelInactive()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.upstreamWritabilityChanged(isWritable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.connectionClosed, "the connection broke", underlying: error)
    }

    package func handleScheduledCallback(eventLoop: some EventLoop) {
        guard timer.fired(on: eventLoop, handler: self) else { return }
        fail(.deadlineExceeded, "the server did not answer in time")
    }

    // MARK: - Inside

    private func deliver() {
        do {
            while let exchange, let event = try reader.next() {
                switch event {
                case .interim(let head): exchange.received(interim: head)
                case .head(let head, let framing): exchange.received(head: head, framing: framing)
                case .body(let bytes): exchange.received(body: bytes)
                case .end(let reusable): return complete(reusable: reusable)
                }
            }
            exchange?.receivedAll()
        } catch {
            fail(.malformedResponse, "the server's response is not HTTP/1.1", underlying: error)
        }
    }

    private func complete(reusable: Bool) {
        guard let exchange else { return close() }
        self.exchange = nil
        moveDeadline(to: nil)
        if reusable, requestIsComplete, !reader.hasLeftover, !isClosed {
            resumeReading()
            pool.release(self)
        } else {
            close()
        }
        exchange.finished()
    }

    private func fail(_ code: HTTPClientError.Code, _ message: String, underlying: (any Error)? = nil) {
        let exchange = self.exchange
        self.exchange = nil
        close()
        guard let exchange else { return }
        let error = HTTPClientError(
            code, message, mayHaveBeenProcessed: requestBytesSent > 0, underlying: underlying)
        exchange.failed(
            UpstreamFailure(
                error: error, connectionWasReused: exchangeCount > 1, responseHadBegun: reader.hasBegun))
    }

    /// Ends whatever it does because its owner ends.
    func shutDown() {
        fail(.connectionClosed, "the client is shut down")
    }

    /// Closes the channel and tells the pool, once.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        timer.cancel()
        pool.closed(self)
        context?.close(promise: nil)
    }
}
