import Foundation

/// Where the server is and the limits of talking to it.
public struct RedisConfiguration: Sendable {
    public var host: String
    public var port: Int
    /// User of the server's access list; nil is the default user.
    public var username: String?
    public var password: String?
    /// Number of the database selected on every connection.
    public var database: Int
    /// Connections that carry everything; commands of all tasks share them, so few are enough.
    public var connections = 2
    /// How long a command may take, from the call to its reply, its time in the queue included.
    public var commandTimeout = Duration.milliseconds(500)
    /// How long a connection may take to stand, the sign-in included.
    public var connectTimeout = Duration.milliseconds(500)
    /// Commands that may wait or be under way on one connection; one more is refused at once.
    public var queuedCommandsMax = 65_536
    /// Bytes of commands that may wait to be written on one connection.
    public var queuedBytesMax = 64 << 20
    /// Bytes of one reply; a longer one ends the connection.
    public var replyBytesMax = 64 << 20
    /// How long the connection of subscriptions may be silent before the server is asked whether it is still there.
    public var subscriptionSilenceMax = Duration.seconds(2)
    /// Subscriptions that one subscriber may have at a time; one more is refused at once.
    public var subscriptionsMax = 65_536
    /// Bounds of the pause before connecting again; the pause is drawn evenly below a bound that doubles.
    public var reconnectDelay = Duration.milliseconds(10)...Duration.seconds(1)

    public init(host: String = "127.0.0.1", port: Int = 6379, password: String? = nil, database: Int = 0) {
        self.host = host
        self.port = port
        self.password = password
        self.database = database
    }

    /// Reads `redis://[[user]:password@]host[:port][/database]`; throws ``RedisError`` `invalidConfiguration`.
    public init(url: String) throws {
        func refuse(_ reason: String) -> RedisError {
            // The URL may hold a password, so the message does not repeat it.
            RedisError(.invalidConfiguration, "the Redis URL \(reason); expected redis://[:password@]host[:port][/db]")
        }
        guard let parts = URLComponents(string: url) else { throw refuse("cannot be read") }
        guard parts.scheme == "redis" else { throw refuse("does not start with redis://") }
        guard parts.query == nil, parts.fragment == nil else { throw refuse("has a query or a fragment") }
        guard var host = parts.host, !host.isEmpty else { throw refuse("names no host") }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        }
        let port = parts.port ?? 6379
        guard (1...65_535).contains(port) else { throw refuse("has a port out of range") }
        var database = 0
        let path = parts.path.drop { $0 == "/" }
        if !path.isEmpty {
            guard let number = Int(path), (0...65_535).contains(number) else {
                throw refuse("has a database that is no number")
            }
            database = number
        }
        self.init(host: host, port: port, password: parts.password, database: database)
        if let user = parts.user, !user.isEmpty {
            guard parts.password != nil else { throw refuse("has a user without a password") }
            username = user
        }
    }
}
