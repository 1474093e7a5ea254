import Foundation

/// Reads from `/proc` what processes have used.
struct ProcessMeter: Sendable {
    private let processes: [String: [pid_t]]

    /// Measures processes under names; several of one name are added up. Children count with their parents.
    init(_ processes: [String: [pid_t]]) {
        self.processes = processes
    }

    init(_ processes: [String: pid_t]) {
        self.processes = processes.mapValues { [$0] }
    }

    /// The CPU time of each name since its start, user and system, with the load generator's own as `generator`.
    func cpuSeconds() throws -> [String: Double] {
        let children = try Self.children()
        var seconds = try processes.mapValues { roots in
            try roots.reduce(0) { try $0 + Self.cpuSeconds(ofTree: $1, children) }
        }
        seconds["generator"] = Self.ownCPUSeconds()
        return seconds
    }

    /// The CPU time of this process.
    static func ownCPUSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// The memory of each name in mebibytes, what is shared with others divided among them (PSS).
    func memoryMiB() throws -> [String: Double] {
        let children = try Self.children()
        return try processes.mapValues { roots in
            try roots.reduce(0) { sum, root in
                try Self.tree(root, children).reduce(sum) { try $0 + Self.proportionalSetSize(of: $1) }
            }
        }
    }

    // MARK: - /proc

    private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    private static func cpuSeconds(ofTree root: pid_t, _ children: [pid_t: [pid_t]]) throws -> Double {
        try tree(root, children).reduce(0) { sum, process in
            let fields = try statistics(of: process)
            // Fields 14 to 17 of proc(5): user and system time, the process's own and that of children that ended.
            return sum + (11...14).reduce(0) { $0 + (Double(fields[$1]) ?? 0) } / ticksPerSecond
        }
    }

    private static func tree(_ root: pid_t, _ children: [pid_t: [pid_t]]) -> [pid_t] {
        [root] + children[root, default: []].flatMap { tree($0, children) }
    }

    private static func children() throws -> [pid_t: [pid_t]] {
        var children: [pid_t: [pid_t]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            // A process may have ended since its name was read.
            guard let process = pid_t(name), let fields = try? statistics(of: process), let parent = pid_t(fields[1])
            else { continue }
            children[parent, default: []].append(process)
        }
        return children
    }

    /// The fields of `/proc/PID/stat` from the state on, the third: the name before them may contain anything.
    private static func statistics(of process: pid_t) throws -> [Substring] {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst().split(separator: " ")
        guard fields.count > 14 else { throw UnreadableProcess(identifier: process) }
        return fields
    }

    private static func proportionalSetSize(of process: pid_t) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Pss:") }),
            let kilobytes = Double(line.split(separator: " ").dropFirst().first ?? "")
        else { throw UnreadableProcess(identifier: process) }
        return kilobytes / 1024
    }
}

/// `/proc` says nothing of a process, most likely because it has ended.
struct UnreadableProcess: Error, CustomStringConvertible {
    let identifier: pid_t

    var description: String { "process \(identifier) cannot be measured" }
}
