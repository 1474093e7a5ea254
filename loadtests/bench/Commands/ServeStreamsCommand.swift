import ArgumentParser
import NIOCore
import NIOPosix
import ServiceKit

/// `bench serve-streams`: the reference that writes the same bytes to all its connections, as a process of its own.
struct ServeStreamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-streams", abstract: "Streams a fixed message to everyone until told to stop; used by run.")

    @Option(help: "Port on 127.0.0.1.")
    var port: Int

    /// As often, and about as long, as inventory's.
    private static let pause = TimeAmount.milliseconds(250)
    private static let messageBytes = 430

    func run() async throws {
        ProcessLimits.raiseOpenFiles()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let crowd = NIOLoopBoundBox.makeBoxSendingValue(Crowd(messageBytes: Self.messageBytes), eventLoop: loop)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(BareStream(crowd.value))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        loop.scheduleRepeatedTask(initialDelay: Self.pause, delay: Self.pause) { _ in crowd.value.tell() }
        try await server.closeFuture.get()
    }
}

/// All connections of the bare server.
private final class Crowd {
    let message: ByteBuffer
    private var streams: [ObjectIdentifier: ChannelHandlerContext] = [:]

    init(messageBytes: Int) {
        let text = "event: availability\nid: 1\ndata: "
        let filling = String(repeating: "x", count: messageBytes - text.utf8.count - 2)
        message = ByteBuffer(string: "\(String(messageBytes, radix: 16))\r\n\(text)\(filling)\n\n\r\n")
    }

    func join(_ context: ChannelHandlerContext) { streams[ObjectIdentifier(context)] = context }

    func leave(_ context: ChannelHandlerContext) { streams[ObjectIdentifier(context)] = nil }

    func tell() {
        for context in streams.values { context.writeAndFlush(NIOAny(message), promise: nil) }
    }
}

/// One connection of the bare server: whatever it is asked, it streams.
private final class BareStream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let crowd: Crowd
    private var hasBegun = false

    init(_ crowd: Crowd) {
        self.crowd = crowd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasBegun else { return }
        hasBegun = true
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        context.write(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(crowd.message), promise: nil)
        crowd.join(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        crowd.leave(context)
        context.fireChannelInactive()
    }
}
