import Contracts
import Foundation
import Synchronization

/// A bar that is redrawn on a terminal; elsewhere a line for every tenth that is done.
final class RebuildProgress: Sendable {
    /// The build stopped.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let width = 40

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let tenths = Mutex(-1)

    /// On standard error.
    convenience init() {
        self.init(isTerminal: isatty(STDERR_FILENO) == 1) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    func show(_ status: RebuildStatus) {
        let line = Self.line(status)
        if isTerminal { return write("\r\u{1B}[2K" + line) }
        let tenth = Int(status.fraction * 10)
        let isNew = tenths.withLock { last in
            defer { last = max(last, tenth) }
            return tenth > last
        }
        if isNew { write(line + "\n") }
    }

    /// Says how it ended; throws when the new index is not the one that is searched.
    func finish(_ status: RebuildStatus) throws {
        guard status.state == .done else {
            if isTerminal { write("\n") }
            throw Failure(description: status.reason ?? "the service was restarted; ask again to go on")
        }
        show(status)
        write((isTerminal ? "\n" : "") + "\(status.events) events indexed, the new index is searched\n")
    }

    static func line(_ status: RebuildStatus) -> String {
        let done = Int(status.fraction * Double(width))
        let bar = String(repeating: "#", count: done) + String(repeating: ".", count: width - done)
        return "[\(bar)] \(Int(status.fraction * 100)) %  \(status.events) events"
    }
}
