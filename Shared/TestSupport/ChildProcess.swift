package import Foundation

/// A program started by a test, with pipes to its input and from its output.
///
/// `posix_spawn` itself instead of `Foundation.Process`: a child of that inherits the signal mask of the thread that
/// happens to start it, which blocks nearly all signals on a pool's thread, so that a shell never learns of a child's
/// end. Here a child starts with no signal blocked or ignored and nothing open but its input and output.
package final class ChildProcess: Sendable {
    /// The process's number.
    package let identifier: pid_t
    private let input: Int32
    private let output: Int32

    /// Starts `program`, found in `PATH`; its errors go where its output goes.
    package init(_ program: String, _ arguments: [String], environment: [String: String]? = nil) throws {
        guard let toChild = Self.makePipe(), let fromChild = Self.makePipe() else {
            throw ChildProcessError(program: program, errorNumber: errno)
        }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 2)
        try InheritedDescriptors.close(in: &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        var argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup($0) } + [nil]
        defer {
            for pointer in argumentPointers + variablePointers {
                free(pointer)
            }
        }
        var identifier: pid_t = 0
        let result = posix_spawnp(
            &identifier, program, &actions, &attributes, &argumentPointers, &variablePointers)
        guard result == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw ChildProcessError(program: program, errorNumber: result)
        }
        self.identifier = identifier
        input = toChild[1]
        output = fromChild[0]
    }

    /// Two ends, the first to read from.
    ///
    /// Sockets rather than a pipe, because they are marked from the start as closed in children: an end that some other
    /// child kept open would make the reader wait for ever.
    private static func makePipe() -> [Int32]? {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        return socketpair(AF_UNIX, kind, 0, &ends) == 0 ? ends : nil
    }

    deinit {
        close(input)
        close(output)
    }

    /// Writes to the process's input; false when it reads no more.
    @discardableResult
    package func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Foundation.write(input, bytes, bytes.count) == bytes.count
    }

    /// Reads one piece of output, or all of it up to its end; blocks until it is there.
    package func read(toEnd: Bool) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += buffer[..<count]
            if !toEnd { break }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Blocks until the process has ended; must be called once, or it stays as a zombie.
    @discardableResult
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status
    }
}

/// A program could not be started.
package struct ChildProcessError: Error, CustomStringConvertible {
    package var program: String
    /// The `errno` of the refused call.
    package var errorNumber: Int32

    package var description: String { "\(program) did not start: \(String(cString: strerror(errorNumber)))" }
}
