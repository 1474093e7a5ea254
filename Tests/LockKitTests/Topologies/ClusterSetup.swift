import TestSupport

/// A cluster of three masters, the first with a replica.
struct ClusterSetup: Sendable {
    let masters: [PrivateRedis]
    let replica: PrivateRedis
    /// The masters' names in the cluster.
    let identifiers: [String]

    private static let slots = [(0, 5_460), (5_461, 10_922), (10_923, 16_383)]

    static func start() async throws -> ClusterSetup {
        var servers: [PrivateRedis] = []
        for _ in 0..<4 {
            servers.append(
                try await PrivateRedis.start(
                    .init(arguments: [
                        "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout",
                        "1000", "--cluster-port", "\(try FreePort.find())", "--repl-diskless-sync-delay", "0",
                    ])))
        }
        for (server, range) in zip(servers, slots) {
            try server.command(["CLUSTER", "ADDSLOTSRANGE", "\(range.0)", "\(range.1)"])
        }
        for server in servers.dropFirst() {
            let bus = try busPort(of: servers[0])
            try server.command(["CLUSTER", "MEET", "127.0.0.1", "\(servers[0].port)", bus])
        }
        try await eventually(within: .seconds(30), "the cluster is whole") {
            try servers.prefix(3).allSatisfy {
                let info = try $0.command(["CLUSTER", "INFO"])
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:4")
            } && servers[3].command(["CLUSTER", "INFO"]).contains("cluster_known_nodes:4")
        }
        let identifiers = try servers.prefix(3).map { try $0.command(["CLUSTER", "MYID"]) }
        try servers[3].command(["CLUSTER", "REPLICATE", identifiers[0]])
        try await eventually(within: .seconds(30), "the replica follows") {
            try servers[0].command(["INFO", "replication"]).contains("state=online")
                && servers[2].command(["CLUSTER", "NODES"]).contains("slave \(identifiers[0])")
        }
        return ClusterSetup(masters: Array(servers.prefix(3)), replica: servers[3], identifiers: identifiers)
    }

    /// Two of the servers in the form of a URL; the others must be found.
    var url: String {
        "redis-cluster://127.0.0.1:\(masters[1].port),127.0.0.1:\(masters[2].port)"
    }

    /// The number of the master that has the slot of `key` by the initial division.
    func owner(ofSlot slot: Int) -> Int {
        Self.slots.firstIndex { ($0.0...$0.1).contains(slot) } ?? 0
    }

    /// The slot of a key, as a server computes it.
    func slot(of key: String) throws -> Int { Int(try masters[0].command(["CLUSTER", "KEYSLOT", key])) ?? -1 }

    /// Tells all masters that a slot belongs to another, whose keys are where they were.
    func move(slot: Int, to master: Int) throws {
        for server in [masters[master]] + masters {
            try server.command(["CLUSTER", "SETSLOT", "\(slot)", "NODE", identifiers[master]])
        }
    }

    private static func busPort(of server: PrivateRedis) throws -> String {
        // "ID 127.0.0.1:PORT@BUS …"
        let line = try server.command(["CLUSTER", "NODES"])
        return String(line.split(separator: "@").dropFirst().first?.prefix { $0.isNumber } ?? "")
    }
}
