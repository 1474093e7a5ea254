import NIOCore
import Synchronization

/// The connections of a server, so that its end can be theirs.
final class OpenConnections: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: NIOLoopBound<ServerConnection>] = [:]
        var isDraining = false
        var drained: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Enters a connection until its channel closes; one beyond the limit is turned away by itself.
    func opened(_ channel: any Channel, _ connection: NIOLoopBound<ServerConnection>) {
        let id = ObjectIdentifier(channel)
        let (isDraining, isBeyondLimit) = state.withLock { state in
            state.connections[id] = connection
            return (state.isDraining, state.connections.count > limit)
        }
        channel.closeFuture.whenComplete { _ in self.closed(id) }
        if isBeyondLimit { connection.value.turnAway() }
        if isDraining { connection.value.drain() }
    }

    /// Lets requests in progress finish and closes connections without one; returns when all are closed.
    func drain() async {
        await withCheckedContinuation { continuation in
            let connections = state.withLock { state in
                state.isDraining = true
                if !state.connections.isEmpty { state.drained = continuation }
                return Array(state.connections.values)
            }
            if connections.isEmpty { return continuation.resume() }
            for connection in connections {
                connection.eventLoop.execute { connection.value.drain() }
            }
        }
    }

    /// Ends everything now.
    func closeAll() {
        for connection in state.withLock({ Array($0.connections.values) }) {
            connection.eventLoop.execute { connection.value.close() }
        }
    }

    private func closed(_ id: ObjectIdentifier) {
        let drained = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.connections[id] = nil
            guard state.connections.isEmpty else { return nil }
            defer { state.drained = nil }
            return state.drained
        }
        drained?.resume()
    }
}
