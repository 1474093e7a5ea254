import DequeModule
import NIOCore

/// One connection of a subscriber: signs in, writes subscriptions, hands on what the server says, notices its silence.
final class SubscriptionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let owner: RedisSubscriber
    private let parser: ReplyParser
    private let commandTimeout: TimeAmount
    private let silenceMax: TimeAmount
    private var handshake: Handshake
    private var isReady = false
    private let handshakeDeadline: NIODeadline
    /// When each reply that is owed will be late, in their order.
    private var owed: Deque<NIODeadline> = []
    private var lastHeard = NIODeadline.now()
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var cause: RedisError?

    init(owner: RedisSubscriber, configuration: RedisConfiguration, deadline: NIODeadline) throws {
        guard let parser = ReplyParser(replyBytesMax: configuration.replyBytesMax) else {
            throw RedisError(.notConnected, "no memory for a reply reader")
        }
        self.owner = owner
        self.parser = parser
        commandTimeout = TimeAmount(configuration.commandTimeout)
        silenceMax = TimeAmount(configuration.subscriptionSilenceMax)
        handshake = Handshake(configuration)
        handshakeDeadline = deadline
    }

    // MARK: - From the subscriber

    /// Writes a command that is answered by `replies` replies.
    func write(_ command: RedisCommand, replies: Int) {
        guard let context, cause == nil else { return }
        let late = NIODeadline.now() + commandTimeout
        owed.append(contentsOf: repeatElement(late, count: replies))
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: command.bytes)), promise: nil)
    }

    /// Ends the connection; its subscriptions end with it.
    func close() {
        fail(RedisError(.closed, "the subscriber was closed"))
    }

    // MARK: - From the channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        guard cause == nil else { return context.close(promise: nil) }
        var buffer = context.channel.allocator.buffer(capacity: 256)
        for command in handshake.commands { buffer.writeBytes(command.bytes) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        watch(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        do throws(RedisError) {
            try parser.feed(unwrapInboundIn(data))
            while cause == nil, let value = try parser.next() { try take(value) }
        } catch {
            fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        self.context = nil
        owner.connectionEnded(self, cause ?? RedisError(.connectionClosed, "the server closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(RedisError(.connectionClosed, "\(error)"))
    }

    // MARK: - Inside

    private func take(_ value: RedisValue) throws(RedisError) {
        guard isReady else {
            switch handshake.received(value) {
            case .wait: return
            case .fail(let error): throw error
            case .done:
                isReady = true
                return owner.connectionIsReady(self)
            }
        }
        if value.isSubscriptionReply, owed.popFirst() == nil {
            throw RedisError(.protocolViolation, "a reply that no command asked for")
        }
        try owner.received(value)
    }

    /// Looks now and then whether the server is late, and asks it whether it is there when it says nothing.
    private func watch(_ context: ChannelHandlerContext) {
        timer = nil
        let now = NIODeadline.now()
        if !isReady {
            guard now < handshakeDeadline else {
                return fail(RedisError(.notConnected, "the server accepted the connection and did not answer"))
            }
        } else if let late = owed.first {
            guard now < late else { return fail(RedisError(.timedOut, "no reply before the deadline")) }
        } else if now - lastHeard >= silenceMax {
            write(RedisCommand("PING"), replies: 1)
        }
        let pause = min(commandTimeout, silenceMax)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: pause) { self.watch(context) }
    }

    private func fail(_ error: RedisError) {
        guard cause == nil else { return }
        cause = error
        context?.close(promise: nil)
    }
}
