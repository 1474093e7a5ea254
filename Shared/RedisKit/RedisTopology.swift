public import Logging
public import NIOCore

/// How the servers named by a URL belong together.
///
/// | URL | servers |
/// |---|---|
/// | `redis://[[user]:password@]host[:port][/database]` | one |
/// | `redis-sentinel://[[user]:password@]host[:port],…/master[/database]` | the sentinels that know the master of that name; user, password and database are the master's |
/// | `redis-cluster://[[user]:password@]host[:port],…` | some of a cluster; the others are asked for |
/// | `redis-quorum://[[user]:password@]host[:port],…[/database]` | independent masters, of which a majority decides |
public struct RedisTopology: Sendable {
    /// What the servers are to each other.
    public enum Kind: Sendable, Hashable {
        case single
        case sentinels(master: String)
        case cluster
        case quorum
    }

    /// Servers of one URL; more masters than these make nothing safer.
    public static let serversMax = 16

    public let kind: Kind
    /// The servers that the URL names, in its order; of sentinels the template of the master comes first.
    public var servers: [RedisConfiguration]

    /// Reads a URL; throws ``RedisError`` `invalidConfiguration`, whose message does not repeat it.
    public init(url: String) throws {
        guard let (scheme, credentials, hosts, path) = Self.parts(of: url), scheme != "redis" else {
            kind = .single
            servers = [try RedisConfiguration(url: url)]
            return
        }
        func configuration(_ host: Substring, _ credentials: Substring, _ path: String) throws -> RedisConfiguration {
            try RedisConfiguration(url: "redis://\(credentials)\(host)\(path)")
        }
        guard (1...Self.serversMax).contains(hosts.count) else {
            throw RedisError(.invalidConfiguration, "the Redis URL names more than \(Self.serversMax) servers")
        }
        switch scheme {
        case "redis-sentinel":
            guard let master = path.first, path.count <= 2 else {
                throw RedisError(.invalidConfiguration, "the Redis URL does not end with /master or /master/database")
            }
            kind = .sentinels(master: String(master))
            let database = path.dropFirst().map { "/\($0)" }.joined()
            let template = try configuration("master", credentials, database)
            servers = [template] + (try hosts.map { try configuration(Self.withPort($0, 26_379), "", "") })
        case "redis-cluster":
            guard path.isEmpty else {
                throw RedisError(.invalidConfiguration, "the Redis URL has a path; a cluster has one database")
            }
            kind = .cluster
            servers = try hosts.map { try configuration($0, credentials, "") }
        case "redis-quorum":
            kind = .quorum
            let database = path.map { "/\($0)" }.joined()
            servers = try hosts.map { try configuration($0, credentials, database) }
            guard Set(servers.map(\.address)).count == servers.count else {
                throw RedisError(.invalidConfiguration, "the Redis URL names a server twice; each has one vote")
            }
        default:
            throw RedisError(
                .invalidConfiguration,
                "the Redis URL must begin with redis://, redis-sentinel://, redis-cluster:// or redis-quorum://")
        }
    }

    /// Clients of the servers: one that stands for all of them, or of a quorum one for each.
    public func makeClients(eventLoopGroup: any EventLoopGroup, logger: Logger) -> [any RedisScripting] {
        switch kind {
        case .single, .quorum:
            servers.map { RedisClient($0, eventLoopGroup: eventLoopGroup, logger: logger) }
        case .sentinels(let master):
            [
                RedisSentinelClient(
                    servers[0], namedBy: Array(servers.dropFirst()), as: master, eventLoopGroup: eventLoopGroup,
                    logger: logger)
            ]
        case .cluster:
            [RedisClusterClient(servers, eventLoopGroup: eventLoopGroup, logger: logger)]
        }
    }

    private static func parts(of url: String) -> (Substring, Substring, [Substring], [Substring])? {
        guard let colon = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<colon.lowerBound]
        let rest = url[colon.upperBound...]
        // A password may contain a slash only in its encoded form, so the first one ends the servers.
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count).split(separator: "/")
        let hostsStart = authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
        let hosts = authority[hostsStart...].split(separator: ",")
        return (scheme, authority[..<hostsStart], hosts, path)
    }

    private static func withPort(_ host: Substring, _ port: Int) -> Substring {
        let name = host.hasPrefix("[") ? host.drop { $0 != "]" } : host
        return name.contains(":") ? host : "\(host):\(port)"
    }
}
