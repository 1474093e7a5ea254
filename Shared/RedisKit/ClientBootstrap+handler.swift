import NIOCore
import NIOPosix

extension ClientBootstrap {
    /// Connects to the server of `configuration` and hands over the handler of the connection that was made.
    ///
    /// Where the first address of a host is slow to answer, the next is tried beside it: each attempt has a channel, and
    /// so a handler, of its own. Which of them counts is known from the channel that wins; the others are closed.
    ///
    /// It is called on the event loop, and so is `completion`, before the server can have answered anything.
    func connect<Handler: ChannelHandler & SendableMetatype>(
        to configuration: RedisConfiguration, _ makeHandler: @escaping @Sendable () throws -> Handler,
        completion: @escaping (Result<Handler, RedisError>) -> Void
    ) {
        channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(makeHandler())
            }
        }
        .connect(host: configuration.host, port: configuration.port)
        .assumeIsolated()
        .whenComplete { result in
            completion(
                Result { try result.get().pipeline.syncOperations.handler(type: Handler.self) }
                    .mapError { RedisError(.notConnected, "\($0)") })
        }
    }
}
