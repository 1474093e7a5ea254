package import HTTPKit
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server whose every connection runs a script of the test.
///
/// The script decides what a well or badly behaved server does; when it returns or throws, its connection closes.
package final class RawServer: Sendable {
    /// Runs on each connection; the number counts connections from 0.
    package typealias Script = @Sendable (RawConnection, Int) async throws -> Void

    package let endpoint: Endpoint
    private let listener: any Channel
    private let connections: Connections

    /// How many connections have come.
    package var acceptedCount: Int { connections.state.withLock { $0.acceptedCount } }
    /// How many connections have not ended.
    package var openCount: Int { connections.state.withLock { $0.tasks.count } }

    /// Runs `body` with a server on a free port, then ends the server and all its connections.
    package static func with<Result: Sendable>(
        _ script: @escaping Script, _ body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let server = try await RawServer(script: script)
        do {
            let result = try await body(server)
            try await server.end()
            return result
        } catch {
            try await server.end()
            throw error
        }
    }

    private init(script: @escaping Script) async throws {
        let connections = Connections(script: script)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1_024)
            // Connections inherit it; small, so that a script that does not read soon stops its peer.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: 65_536)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.start(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        endpoint = Endpoint(host: "127.0.0.1", port: listener.localAddress?.port ?? 0)
        self.connections = connections
    }

    private func end() async throws {
        try await listener.close()
        await connections.end()
    }
}

/// The connections of one server, each with the task that runs its script.
private final class Connections: Sendable {
    struct State {
        var acceptedCount = 0
        var tasks: [Int: Task<Void, Never>] = [:]
    }

    let state = Mutex(State())
    private let script: RawServer.Script

    init(script: @escaping RawServer.Script) {
        self.script = script
    }

    /// Runs the script on a new connection.
    func start(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) {
        state.withLock { state in
            let number = state.acceptedCount
            state.acceptedCount += 1
            // The task takes its entry out under the same lock, so it cannot do so before the entry is there.
            state.tasks[number] = Task { await self.serve(connection, number) }
        }
    }

    /// Ends all scripts and waits for them.
    func end() async {
        for task in state.withLock({ Array($0.tasks.values) }) {
            task.cancel()
            await task.value
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ number: Int) async {
        do {
            try await connection.executeThenClose { inbound, _ in
                try await script(RawConnection(inbound: inbound, channel: connection.channel), number)
            }
        } catch {
            // A script ends when its peer goes away; what the peer saw is what the test looks at.
        }
        state.withLock { _ = $0.tasks.removeValue(forKey: number) }
    }
}
