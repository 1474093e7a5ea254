import Contracts
import NIOCore
import ServiceKit
import Synchronization

/// Under which names a stream tells of an event.
enum StreamDialect: Sendable {
    /// `/api/events`
    case event
    /// `/api/concerts`
    case concert
}

/// An event that somebody on this replica follows: its feed and its streams.
final class WatchedEvent: Sendable {
    private struct Follower {
        let stream: EventStream
        let dialect: StreamDialect
    }

    private struct State {
        var feed: AvailabilityFeed
        var followers: [ObjectIdentifier: Follower] = [:]
    }

    /// How many streams are written to before the event loop does other things.
    private static let streamsPerTurn = 200

    let id: String
    private let state: Mutex<State>
    private let signal: AsyncStream<Void>.Continuation
    /// Yields whenever there may be something to tell; what comes while nobody looks is one.
    let signals: AsyncStream<Void>

    init(_ initial: AvailabilityState) {
        id = initial.event.id
        state = Mutex(State(feed: AvailabilityFeed(initial)))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that the stock may have changed.
    func wake() {
        signal.yield()
    }

    /// Nobody follows any more.
    func close() {
        signal.finish()
    }

    /// Whether `version` of the stock, or the time, has something that the feed does not have.
    func isBehind(_ version: Int64, at now: Timestamp) -> Bool {
        state.withLock { state in
            let current = state.feed.current
            return current.version != version || current.event.status(at: now) != current.document.status
        }
    }

    /// Takes a state that was read after the ones before.
    func take(_ read: AvailabilityState) {
        if state.withLock({ $0.feed.take(read) }) { wake() }
    }

    /// Adds a stream, which begins with what its client does not know of `read` or of what is newer.
    func add(
        _ stream: EventStream, _ dialect: StreamDialect, after lastEventID: String?, _ read: AvailabilityState
    ) {
        // Sent inside the lock, so that nothing newer goes out before it.
        state.withLock { state in
            if read.version > state.feed.current.version { _ = state.feed.take(read) }
            state.followers[ObjectIdentifier(stream)] = Follower(stream: stream, dialect: dialect)
            let opening = state.feed.opening(after: lastEventID)
            let frame = opening.map { AvailabilityFrames($0).frame(dialect) } ?? .comment
            stream.eventLoop.execute { stream.send([frame]) }
        }
    }

    /// Forgets a stream; whether it was the last.
    func remove(_ stream: EventStream) -> Bool {
        state.withLock { state in
            state.followers[ObjectIdentifier(stream)] = nil
            return state.followers.isEmpty
        }
    }

    /// Tells all streams what they do not know. To be called again only when it has returned.
    func tell() async {
        let (message, followers) = state.withLock { state in
            let message = state.feed.tell()
            return (message, message == nil ? [] : Array(state.followers.values))
        }
        guard let message, !followers.isEmpty else { return }
        let frames = AvailabilityFrames(message)
        await send(followers) { frames.frame($0) }
    }

    /// Shows all streams that the service is there.
    func comment() async {
        await send(state.withLock { Array($0.followers.values) }) { _ in .comment }
    }

    /// Ends all streams: the event is gone.
    func finish() {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.stream.finish() }
    }

    /// Writes to streams in turns, between which the event loop serves others.
    private func send(
        _ followers: [Follower], _ frame: @escaping @Sendable (StreamDialect) -> EventFrame
    ) async {
        for group in Dictionary(grouping: followers, by: { ObjectIdentifier($0.stream.eventLoop) }).values {
            for start in stride(from: 0, to: group.count, by: Self.streamsPerTurn) {
                let turn = group[start..<min(start + Self.streamsPerTurn, group.count)]
                guard let eventLoop = turn.first?.stream.eventLoop else { continue }
                // A loop that has shut down has no connections any more.
                try? await eventLoop.submit {
                    for follower in turn { follower.stream.send([frame(follower.dialect)]) }
                }.get()
                if turn.endIndex < group.endIndex { try? await Task.sleep(for: .milliseconds(1)) }
            }
        }
    }
}
