import Foundation

/// One run of a server with processes of its own, under a shell that ends them all when the test run ends.
final class ServerProcess: Sendable {
    private let shell: ChildProcess
    private let identifier: pid_t

    /// - Parameter folder: what the shell removes when the test run ended without doing so
    init(_ command: [String], log: String, folder: String) throws {
        let script = """
            log="$1" folder="$2"
            shift 2
            "$@" >>"$log" 2>&1 & echo $!
            if read -r signal; then
                kill -"$signal" $! 2>/dev/null
                wait
            else
                kill -QUIT $! 2>/dev/null
                wait
                rm -rf -- "$folder"
            fi
            """
        shell = try ChildProcess("sh", ["-c", script, "server", log, folder] + command)
        let line = shell.read(toEnd: false)
        guard let identifier = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw PrivatePostgresError(log: "the shell printed \(line)")
        }
        self.identifier = identifier
    }

    var isRunning: Bool { Self.parent(of: identifier) != nil }

    /// Sends a signal to the server and to all its processes.
    func send(_ signal: Int32) {
        for process in [identifier] + children { _ = Foundation.kill(process, signal) }
    }

    /// Sends a signal to the server and waits until it has ended, with all its processes.
    func end(signal: String) {
        let children = children
        shell.write("\(signal)\n")
        // What a killed server leaves behind would keep the next one from its data.
        if signal == "KILL" {
            for child in children { _ = Foundation.kill(child, SIGKILL) }
        }
        shell.wait()
        for child in children where signal == "KILL" {
            while Self.parent(of: child) != nil { usleep(1000) }
        }
    }

    private var children: [pid_t] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { pid_t($0) }.filter { Self.parent(of: $0) == identifier }
    }

    /// The parent of a process; nil when it has ended, collected or not.
    private static func parent(of process: pid_t) -> pid_t? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let fields = status.split(separator: ")").last?.split(separator: " "), fields.count > 1, fields[0] != "Z"
        else { return nil }
        return pid_t(fields[1])
    }
}
