import Contracts
import HTTPKit
import TestSupport

/// The gateway without the services: every route leads to one upstream.
enum LoneGateway {
    static func start(upstream: Endpoint) async throws -> HelperProcess {
        var environment = [
            "HOST": "127.0.0.1", "OPERATIONS_PORT": "\(try FreePort.find())", "LOG_LEVEL": "info",
            "TOKEN_KEYS": "t1:\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))",
        ]
        for service in ServiceName.allCases where service != .gateway {
            environment["\(service.rawValue.uppercased())_URL"] = "\(upstream)"
        }
        return try await HelperProcess.start(try OwnExecutable.path("gateway"), environment: environment) { port, _ in
            ["--port", "\(port)"]
        }
    }
}
