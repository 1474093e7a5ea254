package import Foundation
import Synchronization

/// A child process of a test, which can be killed, paused and waited for, and never outlives the test run.
package final class LaunchedProcess: Sendable {
    /// How a process ended.
    package enum End: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// The process id.
    package let identifier: pid_t
    private let name: String
    private let end = Mutex<End?>(nil)

    private init(identifier: pid_t, name: String) {
        self.identifier = identifier
        self.name = name
    }

    deinit {
        kill()
    }

    /// Starts the executable at `path` with exactly that environment; what it prints is appended to `logFile`.
    ///
    /// The kernel kills it when this process ends, in whatever way.
    package static func launch(
        _ path: String, arguments: [String] = [], environment: [String: String], logFile: String
    ) async throws -> LaunchedProcess {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let words = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--", path] + arguments
        let identifier = try await SpawnThread.shared.run {
            try spawn(words, environment: environment, logFile: logFile)
        }
        return LaunchedProcess(identifier: identifier, name: name)
    }

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

    private static func spawn(_ words: [String], environment: [String: String], logFile: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        try InheritedDescriptors.close(in: &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C in the terminal ends the test run, and the kernel then its children. No signal
        // blocked: threads of pools block them, and children inherit that.
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var identifier: pid_t = 0
        let result = posix_spawn(&identifier, words[0], &actions, &attributes, arguments, variables)
        guard result == 0 else { throw LaunchError(program: words[0], errorNumber: result) }
        return identifier
    }
}

/// A program could not be started.
package struct LaunchError: Error, CustomStringConvertible {
    package let program: String
    /// The `errno` of the refused call.
    package let errorNumber: Int32

    package var description: String { "\(program) did not start: \(String(cString: strerror(errorNumber)))" }
}

extension Optional {
    /// The value, or `error` when there is none.
    func orThrow(_ error: @autoclosure () -> any Error) throws -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
