import Foundation

extension TestDatabase {
    /// All that the database at `url` holds, as far as it is text: what a secret must not be found in.
    package static func text(of url: String) async throws -> String {
        guard url.hasPrefix("sqlite:") else {
            return try await SharedPostgres.cluster().dump(String(url.split(separator: "/").last ?? ""))
        }
        let path = String(url.dropFirst("sqlite:".count))
        // What was written last is in the log, unless the database is closed.
        let files = [path, path + "-wal"].filter { FileManager.default.fileExists(atPath: $0) }
        return try files.reduce("") { text, file in
            text + String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        }
    }
}
