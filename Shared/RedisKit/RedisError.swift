/// Why a command has no result.
///
/// `code` is for programs, `message` for people. When ``outcomeUnknown`` is true the server may or may not have
/// executed the command, now or a little later: the caller must compensate or ask, never assume.
public struct RedisError: Error, Sendable, Equatable {
    /// The kinds of failure that callers tell apart.
    public enum Code: Sendable, Equatable {
        /// No connection stands; the message says why the last attempt failed.
        case notConnected
        /// The reply did not come before the command's deadline.
        case timedOut
        /// The connection broke between the command and its reply.
        case connectionClosed
        /// The server refused the password, or asks for one that is not configured.
        case authenticationFailed
        /// What listens on the port does not speak Redis' protocol, or speaks it wrongly.
        case protocolViolation
        /// The server is a replica, or was told to refuse writes.
        case readOnly
        /// The server has reached its memory limit.
        case outOfMemory
        /// The server is starting or busy and asks to come back.
        case busy
        /// The server does not know the script of this digest (answered by sending the source).
        case unknownScript
        /// The key belongs to another server of the cluster; the message is the server's and names it.
        case redirected
        /// Any other error reply; the message is the server's.
        case server
        /// The queue of commands is full; nothing was sent.
        case overloaded
        /// The client was closed; nothing was sent.
        case closed
        /// The address or a setting cannot be used.
        case invalidConfiguration
    }

    public var code: Code
    public var message: String
    /// Whether the command may have been executed, or may yet be.
    public var outcomeUnknown: Bool

    public init(_ code: Code, _ message: String, outcomeUnknown: Bool = false) {
        self.code = code
        self.message = message
        self.outcomeUnknown = outcomeUnknown
    }

    /// Types an error reply by its first word, as Redis defines them.
    init(reply: String) {
        let word = reply.prefix { $0 != " " }
        switch word {
        case "NOAUTH", "WRONGPASS": self.init(.authenticationFailed, reply)
        case "READONLY": self.init(.readOnly, reply)
        case "OOM": self.init(.outOfMemory, reply)
        case "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN": self.init(.busy, reply)
        case "MOVED", "ASK": self.init(.redirected, reply)
        case "NOSCRIPT": self.init(.unknownScript, reply)
        default: self.init(.server, reply)
        }
    }

    /// The same failure as it is for a command that was already on its way when `self` ended the connection.
    func forCommandInFlight() -> RedisError {
        RedisError(.connectionClosed, "the connection ended: \(message)", outcomeUnknown: true)
    }
}

extension RedisError: CustomStringConvertible {
    public var description: String {
        "redis \(code): \(message)" + (outcomeUnknown ? " (outcome unknown)" : "")
    }
}
