import Foundation
import Synchronization

/// Where finished log lines go: standard output, and a file when one is named.
///
/// Lines are written whole, one system call each, so that those of several threads and processes do not mix.
package final class LogSink: Sendable {
    private let descriptors: [Int32]
    private let lock = Mutex(())

    /// - Throws: ``SettingsError`` when the file cannot be opened for appending
    package init(file path: String? = nil, standardOutput: Bool = true) throws(SettingsError) {
        var descriptors: [Int32] = standardOutput ? [STDOUT_FILENO] : []
        if let path {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw SettingsError("LOG_FILE: cannot open '\(path)': \(String(cString: strerror(errno)))")
            }
            descriptors.append(descriptor)
        }
        self.descriptors = descriptors
    }

    func write(_ line: [UInt8]) {
        lock.withLock { _ in
            for descriptor in descriptors { Self.write(line, to: descriptor) }
        }
    }

    /// Writes all of `line`; a log that cannot be written must not stop the service, so a failure ends the attempt.
    private static func write(_ line: [UInt8], to descriptor: Int32) {
        var position = 0
        while position < line.count {
            let count = line.withUnsafeBytes { bytes -> Int in
                guard let base = bytes.baseAddress else { return -1 }
                #if canImport(Glibc)
                    return Glibc.write(descriptor, base + position, line.count - position)
                #else
                    return Darwin.write(descriptor, base + position, line.count - position)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            position += count
        }
    }
}
