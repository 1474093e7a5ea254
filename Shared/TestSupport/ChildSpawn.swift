import Foundation

/// The one call that starts a child: what it has open, which signals reach it, in which group it is.
enum ChildSpawn {
    /// What a child has for its input and output.
    enum Streams {
        /// Two descriptors of this process.
        case pipes(input: Int32, output: Int32)
        /// No input; what it writes is appended to the file.
        case file(String)
    }

    private static let firstInherited: Int32 = 3

    /// What lets ThreadSanitizer watch this process, and so its children.
    private static let watching = ProcessInfo.processInfo.environment.filter {
        ["LD_PRELOAD", "TSAN_OPTIONS"].contains($0.key)
    }

    /// Starts `words`, the first of them found in `PATH`, and returns the process's number.
    static func start(_ words: [String], environment: [String: String], _ streams: Streams) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch streams {
        case .pipes(let input, let output):
            posix_spawn_file_actions_adddup2(&actions, input, 0)
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        try closeInherited(in: &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: Ctrl-C in the terminal ends the test run, and only that its children.
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.merging(watching) { given, _ in given }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var identifier: pid_t = 0
        let result = posix_spawnp(&identifier, words[0], &actions, &attributes, arguments, variables)
        guard result == 0 else { throw ChildProcessError(program: words[0], errorNumber: result) }
        return identifier
    }

    /// Makes the child start without what this process has open.
    ///
    /// A connection ends only when every process that has it has closed it: a service that inherited a client's socket
    /// would keep a request alive whose client is gone.
    private static func closeInherited(in actions: inout posix_spawn_file_actions_t) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(name), descriptor >= firstInherited else { continue }
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
    }
}
