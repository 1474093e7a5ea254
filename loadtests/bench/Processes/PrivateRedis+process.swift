import Foundation
import TestSupport

extension PrivateRedis {
    /// The number of the server's process, from the server itself.
    func processIdentifier() throws -> pid_t {
        let field = "process_id:"
        let line = try command(["INFO", "server"]).split(whereSeparator: \.isNewline).first { $0.hasPrefix(field) }
        guard let identifier = line.flatMap({ pid_t($0.dropFirst(field.count)) }) else {
            throw CommandFailed(name: "redis-cli", output: "INFO names no process")
        }
        return identifier
    }
}
