import NIOCore

/// Carries out what the state machine decides for one connection.
///
/// The reader takes all bytes of a read at once and is then asked until it has no more replies; a
/// `ByteToMessageDecoder` would stop after the first, since it sees no bytes left.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let lane: RedisLane
    private let parser: ReplyParser
    private let handshake: Handshake
    private var machine: ConnectionStateMachine<PendingRequest>
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var cause: RedisError?
    private var closesWhenIdle = false
    private var serverRun: [UInt8] = []

    init(lane: RedisLane, configuration: RedisConfiguration, deadline: NIODeadline) throws {
        guard let parser = ReplyParser(replyBytesMax: configuration.replyBytesMax) else {
            throw RedisError(.notConnected, "no memory for a reply reader")
        }
        self.lane = lane
        self.parser = parser
        handshake = Handshake(configuration)
        machine = ConnectionStateMachine(handshake: handshake, deadline: deadline)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        guard cause == nil else { return context.close(promise: nil) }
        var buffer = context.channel.allocator.buffer(capacity: 256)
        for command in handshake.commands {
            buffer.writeBytes(command.bytes)
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        checkDeadlines()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var settled = 0
        do throws(RedisError) {
            try parser.feed(unwrapInboundIn(data))
            while let value = try parser.next() {
                switch machine.received(value) {
                case .wait:
                    break
                case .becomeReady(let run):
                    serverRun = run
                    lane.connectionIsReady(self)
                case .succeed(let request, let value):
                    settled += 1
                    request.succeed(value)
                case .succeedAll(let request, let values):
                    settled += 1
                    request.succeed(values)
                case .close(let error):
                    throw error
                }
            }
        } catch {
            fail(error)
        }
        if settled > 0 {
            lane.settled(settled)
        }
        closeIfIdle()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        self.context = nil
        let cause = cause ?? RedisError(.connectionClosed, "the server closed the connection")
        let failed = machine.close(cause)
        for (request, error) in failed {
            request.fail(error)
        }
        lane.settled(failed.count)
        lane.connectionEnded(self, cause)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(RedisError(.connectionClosed, "\(error)"))
    }

    /// Writes a batch in one go and notes whose replies will come.
    func write(_ entries: [CommandQueue.Entry], _ bytes: ByteBuffer) {
        var bytes = bytes
        for entry in entries {
            if let offset = entry.runOffset {
                bytes.setBytes(serverRun, at: offset)
            }
            machine.written(
                entry.request, replyCount: entry.request.replyCount, deadline: entry.request.deadline)
        }
        context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        if timer == nil {
            checkDeadlines()
        }
    }

    /// Closes as soon as nothing is owed, which every command's deadline bounds.
    func closeWhenIdle() {
        closesWhenIdle = true
        closeIfIdle()
    }

    private func closeIfIdle() {
        guard closesWhenIdle, machine.owedCount == 0 else { return }
        fail(RedisError(.closed, "the client was closed"))
    }

    private func fail(_ error: RedisError) {
        guard cause == nil else { return }
        cause = error
        context?.close(promise: nil)
    }

    /// One timer for the whole connection: it looks at the oldest command only, and rests while none is owed.
    private func checkDeadlines() {
        timer = nil
        guard let context, cause == nil else { return }
        switch machine.deadlineReached(now: .now()) {
        case .rest:
            break
        case .checkAgain(let deadline):
            timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.checkDeadlines() }
        case .close(let error):
            fail(error)
        }
    }
}
