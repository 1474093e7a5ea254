import Contracts
import Foundation
import HTTPKit

/// Which processes a stack has, on which ports and with which settings.
struct StackPlan: Sendable {
    let directory: TemporaryDirectory
    private let logs: String
    private let ports: [StackReplica: Int]
    private let environments: [StackReplica: [String: String]]

    /// - Parameter databases: the addresses of the services' databases; a file each for those that are not named
    init(
        _ options: StackOptions, redis: PrivateRedis, databases: [ServiceName: String], adminPassword: String
    ) throws {
        directory = try TemporaryDirectory("stack")
        logs = try Self.logFolder(in: directory)
        let replicas = ServiceName.allCases.flatMap { name in
            (0..<options.replicas[name, default: 1]).map { StackReplica(name, $0) }
        }
        let ports = Dictionary(uniqueKeysWithValues: zip(replicas, try FreePort.find(replicas.count)))
        var common = StackOptions.forTests
        common["DATA_DIR"] = directory.path
        common["REDIS_URL"] = redis.url
        common["HOST"] = "127.0.0.1"
        common["ADMIN_EMAIL"] = HoldfastStack.adminEmail
        common.merge(try Self.secrets(in: directory, adminPassword: adminPassword)) { $1 }
        for name in ServiceName.allCases where name != .gateway {
            let urls = replicas.filter { $0.service == name }.map { "http://127.0.0.1:\(ports[$0] ?? 0)" }
            common["\(name.rawValue.uppercased())_URL"] = urls.joined(separator: ",")
        }
        common.merge(options.common) { $1 }
        var environments: [StackReplica: [String: String]] = [:]
        for (replica, port) in ports {
            var settings = common
            settings["DATABASE_URL"] = databases[replica.service]
            settings.merge(options.services[replica.service] ?? [:]) { $1 }
            settings["PORT"] = String(port)
            if replica.service == .gateway { settings["OPERATIONS_PORT"] = String(try FreePort.find()) }
            environments[replica] = settings
        }
        self.ports = ports
        self.environments = environments
    }

    /// All processes.
    var replicas: [StackReplica] { ServiceName.allCases.flatMap { replicas(of: $0) } }

    /// The processes of a service, in order.
    func replicas(of name: ServiceName) -> [StackReplica] {
        ports.keys.filter { $0.service == name }.sorted { $0.number < $1.number }
    }

    func environment(of replica: StackReplica) -> [String: String] { environments[replica] ?? [:] }

    /// Where a process listens.
    func endpoint(of replica: StackReplica) -> Endpoint {
        Endpoint(host: "127.0.0.1", port: ports[replica] ?? 0)
    }

    /// Where a process says whether it is ready.
    func operationsEndpoint(of replica: StackReplica) -> Endpoint {
        guard let port = environments[replica]?["OPERATIONS_PORT"].flatMap(Int.init) else {
            return endpoint(of: replica)
        }
        return Endpoint(host: "127.0.0.1", port: port)
    }

    /// The file that gets what a process prints.
    func logFile(of replica: StackReplica) -> String { "\(logs)/\(replica).log" }

    private static func secrets(in directory: TemporaryDirectory, adminPassword: String) throws -> [String: String] {
        let secrets = [
            "TOKEN_KEYS": "\(HoldfastStack.tokenKeyID):\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))", "ADMIN_PASSWORD": adminPassword,
        ]
        var settings: [String: String] = [:]
        for (key, secret) in secrets {
            let file = directory.file(key.lowercased().replacing("_", with: "."))
            try secret.write(toFile: file, atomically: true, encoding: .utf8)
            settings["\(key)_FILE"] = file
        }
        return settings
    }

    private static func logFolder(in directory: TemporaryDirectory) throws -> String {
        guard let kept = ProcessInfo.processInfo.environment["HOLDFAST_TEST_LOGS"] else { return directory.path }
        let folder = "\(kept)/\(UUIDv7.make(at: SystemClock().now()))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}
