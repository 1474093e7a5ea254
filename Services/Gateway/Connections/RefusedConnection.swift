import NIOCore

/// Answers a connection beyond the limit at once, without reading from it, and closes it.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        var bytes = ByteBuffer()
        LocalResponse(.overloaded, instance: nil).write(to: &bytes, withoutBody: false, closes: true, trace: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: sent)
        let channel = context.channel
        sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
}
