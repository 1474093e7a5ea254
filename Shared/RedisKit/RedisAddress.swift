/// Where a server listens.
struct RedisAddress: Sendable, Hashable {
    let host: String
    let port: Int
}

extension RedisConfiguration {
    var address: RedisAddress { RedisAddress(host: host, port: port) }

    /// The same credentials and limits for another server.
    func at(_ address: RedisAddress) -> RedisConfiguration {
        var copy = self
        (copy.host, copy.port) = (address.host, address.port)
        return copy
    }
}
