package import NIOCore
import Synchronization

/// One client's stream of events: its connection, which takes prepared bytes, and how it ended.
///
/// A stream costs no task switch and no copy for an event: whoever has something to tell writes the same bytes to all
/// streams, on their event loop. Nothing waits for a client. One that does not take what it was sent is cut off as soon
/// as its connection's buffer is full, and finds out what it missed when it comes back.
package final class EventStream: Sendable {
    /// Why a stream ended.
    package enum End: Sendable, Hashable {
        /// The service ended it, or is stopping.
        case finished
        /// The client left, or its connection broke.
        case clientLeft
        /// The client did not read.
        case clientTooSlow
    }

    private struct Ending {
        var end: End?
        var waiter: CheckedContinuation<End, Never>?
    }

    package let eventLoop: any EventLoop
    private let handler: NIOLoopBound<EventStreamHandler>
    private let ending = Mutex(Ending())

    private init(_ handler: EventStreamHandler, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Makes a stream of a response whose head was written to `channel`.
    static func open(on channel: any Channel) async throws -> EventStream {
        let eventLoop = channel.eventLoop
        return try await eventLoop.submit {
            let handler = EventStreamHandler()
            let stream = EventStream(handler, on: eventLoop)
            handler.onEnd = { stream.ended($0) }
            // Next to the network: what it writes is not taken apart and put together again.
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            if !channel.isActive { stream.ended(.clientLeft) }
            return stream
        }.get()
    }

    /// Writes `frames`; to be called on ``eventLoop``. After the end it does nothing.
    package func send(_ frames: [EventFrame]) {
        handler.value.write(frames)
    }

    /// Ends the stream in order, from any thread; what was sent before arrives.
    package func finish() {
        eventLoop.execute { self.handler.value.finish() }
    }

    /// Returns when the stream has ended, with the reason. Cancelled, as by a server that stops, it ends in order.
    func waitForEnd() async -> End {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let end = ending.withLock { ending in
                    if ending.end == nil { ending.waiter = continuation }
                    return ending.end
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            finish()
        }
    }

    private func ended(_ end: End) {
        let waiter = ending.withLock { ending -> CheckedContinuation<End, Never>? in
            guard ending.end == nil else { return nil }
            ending.end = end
            return ending.waiter.take()
        }
        waiter?.resume(returning: end)
    }
}

/// A stream's place in its connection: writes what it is given and notices the end.
final class EventStreamHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told once how the stream ended.
    var onEnd: ((EventStream.End) -> Void)?
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end(.clientLeft)
    }

    func write(_ frames: [EventFrame]) {
        guard let context, onEnd != nil else { return }
        guard context.channel.isWritable else {
            end(.clientTooSlow)
            return context.close(promise: nil)
        }
        for frame in frames { context.write(wrapOutboundOut(frame.bytes), promise: nil) }
        context.flush()
    }

    /// Lets the response end as any other; the connection may serve another request.
    func finish() {
        guard let context, onEnd != nil else { return }
        end(.finished)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.clientLeft)
        context.fireChannelInactive()
    }

    private func end(_ end: EventStream.End) {
        onEnd?(end)
        onEnd = nil
    }
}
