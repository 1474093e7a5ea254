import Foundation

/// The files and sockets that a test process has open, which its children must not keep open for it.
///
/// A connection ends only when every process that has it has closed it: a service that inherited a client's socket
/// would keep a request alive whose client is gone.
enum InheritedDescriptors {
    private static let first: Int32 = 3

    /// Makes the child of `actions` start with its input and output only.
    static func close(in actions: inout posix_spawn_file_actions_t) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(name), descriptor >= first else { continue }
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
    }
}
