import HTTPKit
import NIOCore

/// One keep-alive connection of a load: sends the next request as soon as the reply to the one before is complete.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: any LoadScript
    private let load: RunningLoad
    private var reader = ResponseReader(headBytesMax: 16_384)
    private var context: ChannelHandlerContext?
    private var began = NIODeadline.now()
    private var isIdle = true
    private var status = 0
    private var body = ByteBuffer()

    init(_ script: any LoadScript, _ load: RunningLoad) {
        self.script = script
        self.load = load
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        load.joined(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        load.left(unfinished: !isIdle)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        load.fail(error)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.feed(unwrapInboundIn(data))
        do {
            while let event = try reader.next() {
                switch event {
                case .interim: break
                case .head(let head, _): status = head.status
                // The body of an unexpected reply is kept for the complaint.
                case .body(let bytes): if script.readsBodies || status >= 400 { body.writeImmutableBuffer(bytes) }
                case .end: try replyIsComplete()
                }
            }
        } catch {
            load.fail(error)
            context.close(promise: nil)
        }
    }

    /// Begins an operation, or closes when the load is over.
    func proceed() {
        guard !load.isOver else {
            isIdle = true
            context?.close(promise: nil)
            return
        }
        do {
            let request = try script.begin()
            isIdle = false
            began = .now()
            send(request)
        } catch {
            load.fail(error)
            context?.close(promise: nil)
        }
    }

    private func replyIsComplete() throws {
        let reply = LoadReply(status: status, body: body)
        body.clear()
        switch try script.received(reply) {
        case .send(let request):
            send(request)
        case .finished:
            load.finishedOperation(.now() - began)
            proceed()
        }
    }

    private func send(_ request: ByteBuffer) {
        reader.begin(requestIsHead: false)
        context?.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }
}
