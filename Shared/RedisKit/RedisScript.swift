/// A Lua script that the server runs as one atomic step; sent by digest, with its source only when the server lost it.
public struct RedisScript: Sendable {
    /// The Lua source.
    public let source: String
    /// Whether the script's last argument is the run id of the server that executes it, 40 characters, filled in by
    /// the connection as the command leaves.
    ///
    /// A run id changes with every start of a server and differs between a server and its replica. A script that
    /// compares it with what it stored notices a restart or a failover which a key that survived would hide.
    public let takesServerRun: Bool
    let digest: String

    public init(_ source: String, takesServerRun: Bool = false) {
        self.source = source
        self.takesServerRun = takesServerRun
        self.digest = SHA1.hexDigest(of: Array(source.utf8))
    }
}
