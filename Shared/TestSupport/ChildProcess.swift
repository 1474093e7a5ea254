package import Foundation
import Synchronization

/// A program started by a test, which can be killed, paused and waited for.
///
/// `posix_spawn` itself instead of `Foundation.Process`: a child of that inherits the signal mask of the thread that
/// happens to start it, which blocks nearly all signals on a pool's thread, so that a shell never learns of a child's
/// end. Here a child starts with no signal blocked or ignored and nothing open but its input and output.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package enum End: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// The process's number.
    package let identifier: pid_t
    private let name: String
    /// Towards its input and from its output; nil for one that writes to a file.
    private let pipes: (input: Int32, output: Int32)?
    private let end = Mutex<End?>(nil)

    private init(identifier: pid_t, program: String, pipes: (input: Int32, output: Int32)?) {
        self.identifier = identifier
        self.pipes = pipes
        name = URL(fileURLWithPath: program).lastPathComponent
    }

    /// Starts `program`, found in `PATH`, with pipes to its input and from its output; its errors go where its output
    /// goes. It learns of the test's end when its input ends.
    package convenience init(_ program: String, _ arguments: [String], environment: [String: String]? = nil) throws {
        guard let toChild = Self.makePipe(), let fromChild = Self.makePipe() else {
            throw ChildProcessError(program: program, errorNumber: errno)
        }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        do {
            let identifier = try ChildSpawn.start(
                [program] + arguments, environment: environment ?? ProcessInfo.processInfo.environment,
                .pipes(input: toChild[0], output: fromChild[1]))
            self.init(identifier: identifier, program: program, pipes: (toChild[1], fromChild[0]))
        } catch {
            close(toChild[1])
            close(fromChild[0])
            throw error
        }
    }

    /// Starts the executable at `path` with exactly that environment; what it prints is appended to `logFile`.
    ///
    /// The kernel kills it when this process ends, in whatever way.
    package static func launch(
        _ path: String, arguments: [String] = [], environment: [String: String], logFile: String
    ) async throws -> ChildProcess {
        let words = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--", path] + arguments
        let identifier = try await SpawnThread.shared.run {
            try ChildSpawn.start(words, environment: environment, .file(logFile))
        }
        return ChildProcess(identifier: identifier, program: path, pipes: nil)
    }

    deinit {
        if let pipes {
            close(pipes.input)
            close(pipes.output)
        } else {
            kill()
        }
    }

    // MARK: - Its input and output

    /// Writes to the process's input; false when it reads no more.
    @discardableResult
    package func write(_ text: String) -> Bool {
        guard let pipes else { return false }
        let bytes = Array(text.utf8)
        return Foundation.write(pipes.input, bytes, bytes.count) == bytes.count
    }

    /// Reads one piece of output, or all of it up to its end; blocks until it is there.
    package func read(toEnd: Bool) -> String {
        guard let pipes else { return "" }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(pipes.output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += buffer[..<count]
            if !toEnd { break }
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: - Its life

    package var isRunning: Bool { status() == nil }

    /// How the process ended; nil while it runs.
    package func status() -> End? {
        end.withLock { end in
            if end == nil { end = reap(options: WNOHANG) }
            return end
        }
    }

    /// Ends the process at once, as a crash would, and returns when it is gone.
    package func kill() {
        end.withLock { end in
            guard end == nil else { return }
            _ = Foundation.kill(identifier, SIGKILL)
            end = reap(options: 0)
        }
    }

    /// Stops the process from running; it keeps its sockets and answers nothing.
    package func pause() { send(SIGSTOP) }

    /// Lets a paused process go on.
    package func resume() { send(SIGCONT) }

    /// Asks the process to end and waits until it has.
    @discardableResult
    package func terminate(within limit: Duration = .seconds(15)) async throws -> End {
        send(SIGTERM)
        return try await wait(within: limit)
    }

    /// Waits until the process has ended.
    @discardableResult
    package func wait(within limit: Duration) async throws -> End {
        var ended: End?
        try await eventually(within: limit, "the end of \(name)") {
            ended = status()
            return ended != nil
        }
        return try ended.orThrow(ConditionNeverHeld(what: "the end of \(name)", limit: limit))
    }

    /// Blocks until the process has ended; its exit status, or 128 and the number of the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        let ended = end.withLock { end in
            if end == nil { end = reap(options: 0) }
            return end
        }
        return switch ended {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        case nil: -1
        }
    }

    /// Sends a signal, unless the process is gone and its id may be somebody else's.
    package func send(_ signal: Int32) {
        end.withLock { end in
            if end == nil { _ = Foundation.kill(identifier, signal) }
        }
    }

    private func reap(options: Int32) -> End? {
        var status: Int32 = 0
        while true {
            let result = waitpid(identifier, &status, options)
            if result == 0 { return nil }
            if result == -1 && errno == EINTR { continue }
            // Collected by somebody else: it is gone, only how is not known.
            guard result == identifier else { return .exited(-1) }
            let signal = status & 0x7F
            return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
        }
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
}

/// A program could not be started.
package struct ChildProcessError: Error, CustomStringConvertible {
    package var program: String
    /// The `errno` of the refused call.
    package var errorNumber: Int32

    package var description: String { "\(program) did not start: \(String(cString: strerror(errorNumber)))" }
}

extension Optional {
    /// The value, or `error` when there is none.
    func orThrow(_ error: @autoclosure () -> any Error) throws -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
