import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import RedisKit

@Suite(.timeLimit(.minutes(1))) struct ClientBootstrapHandlerTests {
    /// What became of the handlers of one connect, by their numbers in the order in which they were made.
    private final class Record: Sendable {
        struct State {
            var made = 0
            var active: [Int] = []
            var removed: [Int] = []
        }

        let state = Mutex(State())
    }

    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let number: Int
        private let record: Record

        init(_ record: Record) {
            self.record = record
            number = record.state.withLock { state in
                state.made += 1
                return state.made
            }
        }

        func channelActive(context: ChannelHandlerContext) { record.state.withLock { $0.active.append(number) } }

        func handlerRemoved(context: ChannelHandlerContext) { record.state.withLock { $0.removed.append(number) } }
    }

    /// Knows one address twice, as a host has that is reachable in two ways.
    private struct TwoWays: Resolver {
        let address: SocketAddress
        let eventLoop: any EventLoop

        func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
            eventLoop.makeSucceededFuture([address, address])
        }

        func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
            eventLoop.makeSucceededFuture([])
        }

        func cancelQueries() {}
    }

    /// The number of the handler that a connect in two ways hands over.
    private func connect(to address: SocketAddress, _ record: Record) async throws -> Int {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        var configuration = RedisConfiguration()
        configuration.connectTimeout = .seconds(30)
        return try await eventLoop.flatSubmit { [configuration] in
            let number = eventLoop.makePromise(of: Int.self)
            configuration.bootstrap(on: eventLoop)
                .resolver(TwoWays(address: address, eventLoop: eventLoop))
                .connect(to: configuration) {
                    Recorder(record)
                } completion: {
                    number.completeWith($0.map(\.number).mapError { $0 as any Error })
                }
            return number.futureResult
        }.get()
    }

    @Test func `of two attempts the one that wins hands over its handler, and the other is closed`() async throws {
        // Nobody takes the first connection from the full queue, so that both attempts wait beside each other.
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 0)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(server.localAddress)
        let first = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get()
        let record = Record()
        async let connected = connect(to: address, record)
        try await eventually { record.state.withLock { $0.made } == 2 }
        #expect(record.state.withLock { $0.active }.isEmpty)
        server.read()
        let winner = try await connected
        try await eventually { record.state.withLock { $0.active } == [winner] }
        try await eventually { record.state.withLock { $0.removed } == [3 - winner] }
        try await first.close()
        try await server.close()
    }

    @Test func `an address that nobody listens on is named as no connection`() async throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: FreePort.find())
        let error = await #expect(throws: RedisError.self) { _ = try await connect(to: address, Record()) }
        #expect(error?.code == .notConnected)
    }
}
