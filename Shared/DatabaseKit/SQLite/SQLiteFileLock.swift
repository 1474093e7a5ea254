import Foundation

/// The exclusive claim of one process, and of one instance within it, on a database file.
///
/// The lock is `flock` on a neighbour file: the kernel drops it when the process ends, however it ends. The file itself
/// stays, since removing it would let two processes hold locks on two files of the same name.
final class SQLiteFileLock: Sendable {
    private let descriptor: CInt

    /// Claims the database at `path`, or throws ``DatabaseError/Code/notOpen`` naming the process that has it.
    init(databasePath path: String) throws(DatabaseError) {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(.notOpen, "cannot create \(lockPath): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            Foundation.close(descriptor)
            throw DatabaseError(
                .notOpen, "\(path) is in use by \(holder): one process owns a SQLite file, stop the other one first")
        }
        self.descriptor = descriptor
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    deinit {
        Foundation.close(descriptor)
    }

    private static func holder(_ descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let number = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return number.isEmpty ? "another process" : "process \(number)"
    }
}
