import NIOCore
import NIOPosix

extension RedisConfiguration {
    /// What connects to the server, within the time that connecting may take.
    func bootstrap(on eventLoop: any EventLoop) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    }
}
