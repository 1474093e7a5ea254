extension RedisClient {
    /// Publishes `text` on a channel and returns how many connections the server passed it on to.
    ///
    /// Whoever listens at that moment gets it, nobody else: what must not be lost is kept elsewhere, and messages tell
    /// that there is something to look at.
    @discardableResult
    public func publish(_ text: String, to channel: String) async throws(RedisError) -> Int {
        Int(try await send(RedisCommand("PUBLISH", channel, text)).integer ?? 0)
    }
}
