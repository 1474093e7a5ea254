/// What a subscription tells its reader, in the order in which it happened.
public enum RedisSubscriptionEvent: Sendable, Hashable {
    /// From here on every message comes, until ``missed``. What was published before may not have come, so this is the
    /// moment to look at the state that messages tell of.
    case subscribed
    /// What somebody published.
    case message(RedisMessage)
    /// Messages may be missing from here on: the connection broke, or the reader was slower than its buffer is long.
    /// ``subscribed`` follows as soon as they come again.
    case missed
}

/// Something published on a channel.
public struct RedisMessage: Sendable, Hashable {
    /// The channel's name.
    public let channel: String
    /// The bytes as they were published.
    public let payload: [UInt8]

    public init(channel: String, payload: [UInt8]) {
        self.channel = channel
        self.payload = payload
    }

    /// The payload as text; bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: payload, as: UTF8.self) }
}
