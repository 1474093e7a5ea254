import Foundation

/// The folder of a server that refuses to run as root, and the user whom it runs as instead.
final class ServerFolder: Sendable {
    /// The server's data.
    let data: String
    /// What the server writes about itself.
    let log: String
    let path: String
    /// Words to put before a command, so that it runs as the server's user; none when that is ourselves.
    private let prefix: [String]

    init(_ name: String) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("holdfast-\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = folder.path
        data = path + "/data"
        log = path + "/log"
        guard geteuid() == 0 else {
            prefix = []
            return
        }
        guard let user = getpwnam("postgres") ?? getpwnam("nobody") else {
            throw PrivatePostgresError(log: "there is no user to run the server as")
        }
        let (userID, groupID) = (user.pointee.pw_uid, user.pointee.pw_gid)
        guard chown(path, userID, groupID) == 0 else {
            throw PrivatePostgresError(log: "chown \(path): \(String(cString: strerror(errno)))")
        }
        prefix = ["setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups", "--"]
    }

    deinit {
        // A folder that is gone already is what the removal wanted.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// `words` as a command of the server's user.
    func command(_ words: [String]) -> [String] { prefix + words }

    /// What the server wrote so far.
    var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Writes a file that the server's user can read, and nobody else but root; returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8), attributes: attributes) else {
            throw PrivatePostgresError(log: "cannot write \(file)")
        }
        try give(file)
        return file
    }

    /// Makes `path` the property of the server's user.
    func give(_ path: String) throws {
        let owner = try FileManager.default.attributesOfItem(atPath: self.path)
            .filter { [.ownerAccountID, .groupOwnerAccountID].contains($0.key) }
        try FileManager.default.setAttributes(owner, ofItemAtPath: path)
    }
}
