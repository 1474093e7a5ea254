import Foundation

/// A place for databases that is soon full: a file system in memory, made for the purpose.
package final class SmallRoom: Sendable {
    /// Where it is.
    package let path: String

    /// Mounts it at `path`, an empty folder, for a user; nil when that is not allowed here.
    init?(path: String, megabytes: Int, owner: ServerFolder) throws {
        self.path = path
        let mount = try ChildProcess("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
        _ = mount.read(toEnd: true)
        guard mount.wait() == 0 else { return nil }
        try owner.give(path)
    }

    /// Unmounts it, whoever may still have files open there.
    package func remove() {
        guard let unmount = try? ChildProcess("umount", ["-l", path]) else { return }
        _ = unmount.read(toEnd: true)
        unmount.wait()
    }
}
