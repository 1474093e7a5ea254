import HTTPKit
import NIOCore
import NIOPosix
import Synchronization

/// Many clients of one stream of events, each on a connection of its own, which read and count and do nothing else.
final class StreamLoad: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: [any Channel]
    private let counts: StreamCounts

    /// How many connections are made at a time, so that no backlog overflows.
    private static let connectsAtOnce = 250

    /// Messages that came on all streams together.
    var messages: Int { counts.messages.load(ordering: .relaxed) }
    /// Streams that ended without having been asked to.
    var lost: Int { counts.ended.load(ordering: .relaxed) }

    private init(_ group: MultiThreadedEventLoopGroup, _ channels: [any Channel], _ counts: StreamCounts) {
        self.group = group
        self.channels = channels
        self.counts = counts
    }

    /// Opens `count` streams at `path` and returns when each has got its first message.
    static func open(_ count: Int, at path: String, of endpoint: Endpoint) async throws -> StreamLoad {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let counts = StreamCounts()
        let request = ByteBuffer(
            string: "GET \(path) HTTP/1.1\r\nHost: \(endpoint.authority)\r\nAccept: text/event-stream\r\n\r\n")
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.seconds(10))
            .channelOption(.socketOption(.so_rcvbuf), value: 16_384)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReader(request, counts))
                }
            }
        var channels: [any Channel] = []
        while channels.count < count {
            let size = min(connectsAtOnce, count - channels.count)
            let connecting = (0..<size).map { _ in bootstrap.connect(host: endpoint.host, port: endpoint.port) }
            for future in connecting { channels.append(try await future.get()) }
            let deadline = ContinuousClock.now + .seconds(30)
            while counts.begun.load(ordering: .relaxed) < channels.count {
                guard ContinuousClock.now < deadline, counts.ended.load(ordering: .relaxed) == 0 else {
                    throw StreamsLost(opened: channels.count, begun: counts.begun.load(ordering: .relaxed))
                }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return StreamLoad(group, channels, counts)
    }

    /// Leaves all streams.
    func close() async throws {
        for channel in channels { channel.close(promise: nil) }
        try await group.shutdownGracefully()
    }
}

/// What all streams of a load count together.
final class StreamCounts: Sendable {
    let begun = Atomic<Int>(0)
    let messages = Atomic<Int>(0)
    let ended = Atomic<Int>(0)
}

/// Streams did not begin, or ended too early.
struct StreamsLost: Error, CustomStringConvertible {
    let opened: Int
    let begun: Int

    var description: String { "of \(opened) streams \(begun) began, or some ended" }
}

/// One client: asks for the stream, then counts the empty lines that end messages.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let counts: StreamCounts
    private var hasBegun = false
    private var lastByte: UInt8 = 0

    init(_ request: ByteBuffer, _ counts: StreamCounts) {
        self.request = request
        self.counts = counts
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var messages = 0
        for byte in unwrapInboundIn(data).readableBytesView {
            if byte == 10, lastByte == 10 { messages += 1 }
            lastByte = byte
        }
        guard messages > 0 else { return }
        if !hasBegun {
            hasBegun = true
            counts.begun.add(1, ordering: .relaxed)
        }
        counts.messages.add(messages, ordering: .relaxed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        counts.ended.add(1, ordering: .relaxed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
