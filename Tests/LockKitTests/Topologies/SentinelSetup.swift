import Foundation
import TestSupport

/// A master with a replica, and three sentinels that watch them.
struct SentinelSetup: Sendable {
    let servers: [PrivateRedis]
    let ports: [Int]
    private let sentinels: [ChildProcess]
    private let directory: TemporaryDirectory

    static let name = "locks"

    static func start() async throws -> SentinelSetup {
        let master = try await PrivateRedis.start()
        let replica = try await PrivateRedis.start(
            .init(arguments: ["--replicaof", "127.0.0.1", "\(master.port)", "--repl-diskless-sync-delay", "0"]))
        try await eventually(within: .seconds(30), "the replica follows") {
            try master.command(["INFO", "replication"]).contains("state=online")
        }
        let directory = try TemporaryDirectory("sentinels")
        let ports = try FreePort.find(3)
        var sentinels: [ChildProcess] = []
        for port in ports {
            let file = directory.file("\(port).conf")
            let text = """
                port \(port)
                bind 127.0.0.1
                dir \(directory.path)
                sentinel monitor \(name) 127.0.0.1 \(master.port) 2
                sentinel down-after-milliseconds \(name) 500
                sentinel failover-timeout \(name) 3000

                """
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            sentinels.append(
                try await ChildProcess.launch(
                    "/usr/bin/redis-server", arguments: [file, "--sentinel"],
                    environment: ["PATH": "/usr/bin:/bin"], logFile: directory.file("\(port).log")))
        }
        let setup = SentinelSetup(
            servers: [master, replica], ports: ports, sentinels: sentinels, directory: directory)
        try await eventually(within: .seconds(30), "the sentinels know each other and the replica") {
            try ports.allSatisfy { port in
                let state = try setup.ask(port, ["SENTINEL", "master", name])
                let words = state.split(whereSeparator: \.isNewline).map(String.init)
                func value(_ field: String) -> String? {
                    words.firstIndex(of: field).map { words[$0 + 1] }
                }
                return value("num-other-sentinels") == "2" && value("num-slaves") == "1"
            }
        }
        return setup
    }

    /// The sentinels in the form of a URL.
    var url: String {
        "redis-sentinel://" + ports.map { "127.0.0.1:\($0)" }.joined(separator: ",") + "/\(Self.name)"
    }

    /// Where the sentinels say that the master is.
    func masterPort() throws -> Int? {
        let reply = try ask(ports[0], ["SENTINEL", "get-master-addr-by-name", Self.name])
        return reply.split(whereSeparator: \.isNewline).last.flatMap { Int($0) }
    }

    /// Sends one command to the sentinel on `port`.
    @discardableResult
    func ask(_ port: Int, _ words: [String]) throws -> String {
        let client = try ChildProcess("redis-cli", ["-h", "127.0.0.1", "-p", "\(port)"] + words)
        let output = client.read(toEnd: true)
        client.wait()
        return output
    }
}
