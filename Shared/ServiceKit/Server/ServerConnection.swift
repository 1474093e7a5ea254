import HTTPKit
import Hummingbird
import Logging
import NIOCore

/// One connection of a server: takes one request after another and writes their replies.
///
/// A request is handed on whole, body included, which is bounded; requests sent ahead stay in the reader until it is
/// their turn. Everything but the responder happens on the connection's event loop.
final class ServerConnection: ChannelDuplexHandler, NIOScheduledCallbackHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Waiting for a request or in the middle of one.
        case reading
        /// From the last byte of a request to the last byte of its reply.
        case replying
        /// The last reply is sent; what still comes is thrown away.
        case closing
        case closed
    }

    /// How long a connection may be idle: longer than clients keep theirs, so that they close first.
    static let idleTimeout: TimeAmount = .seconds(90)
    /// How long a request may take to arrive.
    static let arrivalTimeout: TimeAmount = .seconds(30)
    /// How long a client may take nothing of a streamed reply.
    static let stallTimeout: TimeAmount = .seconds(30)
    /// How long a client that was refused may go on sending before it is cut off: closing at once would destroy the
    /// reply on its way.
    static let lingerTimeout: TimeAmount = .seconds(2)
    static let headLimits = RequestReader.Limits(requestLineBytesMax: 16_384, headBytesMax: 32_768)
    /// Bodies up to this are copied behind their head, larger ones are written as they are.
    private static let copiedBytesMax = 65_536

    private let application: ServedApplication
    private let channel: any Channel
    private var reader = RequestReader(limits: headLimits)
    private var phase = Phase.reading
    private var arriving: ArrivingRequest?
    /// What the client's version and wishes mean for the reply under way.
    private var manner = ReplyManner.lastWord
    private var streaming: Task<Void, Never>?
    private var isDraining = false
    /// Whether the time that a request may take to arrive is running.
    private var isArriving = false
    private var isProcessing = false
    private var readIsPending = false
    private var timer = LazyTimer()

    init(_ application: ServedApplication, on channel: any Channel) {
        self.application = application
        self.channel = channel
    }

    /// For those who come from other threads.
    var bound: NIOLoopBound<ServerConnection> { NIOLoopBound(self, eventLoop: channel.eventLoop) }

    // MARK: - The channel

    func channelActive(context: ChannelHandlerContext) {
        expect(within: Self.idleTimeout)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .reading || phase == .replying else { return }
        reader.feed(unwrapInboundIn(data))
        process()
    }

    func read(context: ChannelHandlerContext) {
        if holdsInput {
            readIsPending = true
        } else {
            context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        application.logger.debug("a connection broke", metadata: ["error": "\(error)"])
        close()
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard timer.fired(on: eventLoop, handler: self) else { return }
        close()
    }

    // MARK: - Ending

    /// Ends the connection as soon as no request is in progress; a streamed reply, which may have no end, is ended.
    func drain() {
        isDraining = true
        streaming?.cancel()
        if phase == .reading, reader.isBetweenRequests, arriving == nil { close() }
    }

    /// Tells a client beyond the limit to come back later.
    func turnAway() {
        refuse(.overloaded())
    }

    /// Ends the connection now.
    func close() {
        ended()
        channel.close(promise: nil)
    }

    private func ended() {
        guard phase != .closed else { return }
        phase = .closed
        timer.cancel()
        streaming?.cancel()
        streaming = nil
    }

    // MARK: - Requests

    /// Whether the client is to wait: it has sent more than can be used now.
    private var holdsInput: Bool { phase == .replying && reader.bufferedBytes > 0 }

    private func process() {
        guard !isProcessing else { return }
        isProcessing = true
        do throws(HTTPSyntaxError) {
            while phase == .reading, let event = try reader.next() { take(event) }
        } catch {
            refuse(.badRequest("malformed-request", "the request is not HTTP/1.1: \(error)"))
        }
        isProcessing = false
        awaitRest()
        if readIsPending, !holdsInput {
            readIsPending = false
            channel.read()
        }
    }

    /// Gives a request of which something has come a time to be whole; more bytes do not prolong it.
    private func awaitRest() {
        guard phase == .reading, !isArriving, arriving != nil || !reader.isBetweenRequests else { return }
        isArriving = true
        expect(within: Self.arrivalTimeout)
    }

    private func take(_ event: RequestReader.Event) {
        switch event {
        case .head(let head, let framing):
            let request = ArrivingRequest(head, framing, bodyBytesMax: application.bodyBytesMax)
            arriving = request
            if request.isTooLarge {
                answer(request)
            } else if request.wantsContinue, reader.bufferedBytes == 0 {
                send(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))
            }
        case .body(let bytes):
            arriving?.append(bytes)
            if let arriving, arriving.isTooLarge { answer(arriving) }
        case .end:
            if let arriving { answer(arriving) }
        }
    }

    private func answer(_ arrived: ArrivingRequest) {
        arriving = nil
        manner = ReplyManner(to: arrived)
        let request = arrived.request()
        reply { [application, channel] in await application.reply(to: request, on: channel) }
    }

    private func refuse(_ problem: Problem) {
        manner = .lastWord
        reply { problem.response(instance: nil) }
    }

    private func reply(_ make: @escaping @Sendable () async -> Response?) {
        phase = .replying
        isArriving = false
        expectNothing()
        let (channel, bound) = (channel, bound)
        Task(executorPreference: application.executor) {
            let reply = await CollectedReply(await make())
            channel.eventLoop.run { bound.value.send(reply) }
        }
    }

    // MARK: - Replies

    private func send(_ reply: CollectedReply?) {
        guard phase == .replying else { return }
        guard var reply else { return close() }
        if isDraining { manner.keepsAlive = false }
        if reply.isBodiless || manner.isHead { reply = reply.withoutBody() }
        var head = reply.head(&manner, date: application.dates.value())
        switch reply.body {
        case .none:
            send(head)
            completed()
        case .bytes(let bytes) where bytes.readableBytes <= Self.copiedBytesMax:
            head.writeImmutableBuffer(bytes)
            send(head)
            completed()
        case .bytes(let bytes):
            channel.write(head, promise: nil)
            send(bytes)
            completed()
        case .stream(let body):
            send(head)
            stream(body)
        }
    }

    private func stream(_ body: ResponseBody) {
        let (channel, bound) = (channel, bound)
        let writer = StreamingWriter(bound)
        streaming = Task(executorPreference: application.executor) {
            let isWhole = (try? await body.write(writer)) != nil
            channel.eventLoop.run { bound.value.streamed(isWhole: isWhole) }
        }
        if isDraining { streaming?.cancel() }
    }

    /// Sends a piece of a streamed body; done when the client's side has taken it.
    func sendStreamed(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
        guard phase == .replying else { return channel.eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
        let isSent = channel.eventLoop.makePromise(of: Void.self)
        expect(within: Self.stallTimeout)
        channel.writeAndFlush(manner.isChunked ? bytes.chunk : bytes, promise: isSent)
        return isSent.futureResult.always { [bound] _ in bound.value.expectNothing() }
    }

    private func streamed(isWhole: Bool) {
        guard phase == .replying else { return }
        streaming = nil
        // A body that broke off must not look whole; one that this server ended does.
        guard isWhole || isDraining else { return close() }
        if manner.isChunked { send(ByteBuffer(staticString: ByteBuffer.lastChunk)) }
        completed()
    }

    private func completed() {
        if manner.keepsAlive, !isDraining {
            phase = .reading
            expect(within: Self.idleTimeout)
            return process()
        }
        phase = .closing
        let isRead = !manner.leavesInput && reader.bufferedBytes == 0
        let isSent = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(ByteBuffer(), promise: isSent)
        isSent.futureResult.whenComplete { [bound, channel] _ in
            if isRead { return channel.close(promise: nil) }
            channel.close(mode: .output, promise: nil)
            bound.value.expect(within: Self.lingerTimeout)
        }
    }

    private func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    // MARK: - Time

    private func expect(within time: TimeAmount) {
        guard phase != .closed else { return }
        timer.set(.now() + time, on: channel.eventLoop, handler: self)
    }

    private func expectNothing() {
        guard phase != .closed else { return }
        timer.set(nil, on: channel.eventLoop, handler: self)
    }
}

extension EventLoop {
    /// Runs `body` at once when this is its thread, else as soon as it comes to it.
    func run(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}
