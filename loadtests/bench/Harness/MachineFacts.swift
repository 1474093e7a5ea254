import Foundation

/// What the figures depend on besides the programs.
struct MachineFacts: Sendable, Codable, CustomStringConvertible {
    let processor: String
    let cores: Int
    let memoryGiB: Int
    let kernel: String
    let optimized: Bool

    static func here() -> MachineFacts {
        let info = ProcessInfo.processInfo
        let model = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        return MachineFacts(
            processor: model ?? "unknown processor", cores: info.activeProcessorCount,
            memoryGiB: Int((Double(info.physicalMemory) / 1_073_741_824).rounded()),
            kernel: kernel?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown", optimized: isOptimized)
    }

    private static var isOptimized: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    var description: String {
        "\(cores) cores of \(processor), \(memoryGiB) GiB, Linux \(kernel), load generator on the same cores"
            + (optimized ? "." : ", **built without optimization: figures mean nothing**.")
    }
}
