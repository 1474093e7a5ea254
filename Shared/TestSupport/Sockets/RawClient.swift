package import HTTPKit
import NIOCore
import NIOPosix

/// A TCP client for tests that spell out every byte.
package enum RawClient {
    /// Runs `body` with a connection to `endpoint`, then closes it.
    package static func with<Result: Sendable>(
        _ endpoint: Endpoint, _ body: (RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Small, so that a test that does not read soon stops its peer.
            .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, _ in
            try await body(RawConnection(inbound: inbound, channel: channel.channel))
        }
    }

    /// Sends `text` on a connection of its own and returns all bytes until the peer closes.
    package static func exchange(_ text: String, with endpoint: Endpoint) async throws -> String {
        try await with(endpoint) { connection in
            try await connection.write(text)
            return await connection.readToEnd()
        }
    }
}
