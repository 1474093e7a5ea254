import Contracts
import Foundation

/// The password of the organizers' accounts: given, or made at the first run and kept for the next.
enum SeedPassword {
    /// There is no place to keep one.
    struct NotFound: Error, CustomStringConvertible {
        let folder: String

        var description: String {
            "no password for the organizers: give --password, set HOLDFAST_SEED_PASSWORD, or name the data folder of "
                + "deploy/run with --data (\(folder) is not there)"
        }
    }

    /// The file cannot be made or read.
    struct Unusable: Error, CustomStringConvertible {
        let file: String
        let reason: String

        var description: String { "\(file): \(reason)" }
    }

    private static let randomBytes = 16

    /// - Parameter dataFolder: where `secrets/` is, in which the password is kept
    static func find(_ given: String?, dataFolder: String) throws -> String {
        if let given { return given }
        let folder = "\(dataFolder)/secrets"
        guard FileManager.default.fileExists(atPath: folder) else { throw NotFound(folder: folder) }
        let file = "\(folder)/organizers.password"
        try make(file)
        let text = try String(contentsOfFile: file, encoding: .utf8).filter { !$0.isWhitespace }
        guard !text.isEmpty else { throw Unusable(file: file, reason: "is empty; remove it to have it made anew") }
        return text
    }

    /// Makes the file unless it is there, readable by nobody else: written whole beside its place, then linked into
    /// it, so that of two that begin at once both use the same, and a crash leaves none by half.
    private static func make(_ file: String) throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        let draft = "\(file).\(SecureRandom.hexadecimal(bytes: 6))"
        let text = SecureRandom.hexadecimal(bytes: randomBytes) + "\n"
        defer { unlink(draft) }
        guard
            FileManager.default.createFile(
                atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw Unusable(file: file, reason: "cannot be written; give a password of your own") }
        guard link(draft, file) == 0 || errno == EEXIST else {
            throw Unusable(file: file, reason: String(cString: strerror(errno)))
        }
    }
}
