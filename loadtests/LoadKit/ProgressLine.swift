import Foundation

/// Where people watch a load test: one line redrawn on a terminal, a line every few seconds elsewhere.
package struct ProgressLine: Sendable {
    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void

    /// On standard error, so that the report alone is on standard output.
    package static func standard() -> ProgressLine {
        ProgressLine(isTerminal: isatty(STDERR_FILENO) == 1) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// Shows nothing.
    package static let silent = ProgressLine(isTerminal: false) { _ in }

    private static let returnAndErase = "\r\u{1B}[2K"

    /// Says what happens now; a transient note is overwritten by the next, and left out where nothing can be redrawn.
    package func note(_ text: String, transient: Bool = false) {
        if isTerminal {
            write(Self.returnAndErase + text + (transient ? "" : "\n"))
        } else if !transient {
            write(text + "\n")
        }
    }

    /// Shows `line` again and again until the task is cancelled, and once more then.
    package func follow(_ line: @Sendable () -> String) async {
        while !Task.isCancelled {
            // A cancelled sleep ends the loop below; there is nothing else to do about it.
            try? await Task.sleep(for: isTerminal ? .milliseconds(250) : .seconds(3))
            note(line(), transient: isTerminal && !Task.isCancelled)
        }
    }

    /// How much is done, as a bar of 40 places: `[####....]`.
    package static func bar(_ done: Int, of all: Int) -> String {
        let places = all > 0 ? max(0, min(barWidth, done * barWidth / all)) : 0
        return "[" + String(repeating: "#", count: places) + String(repeating: ".", count: barWidth - places) + "]"
    }

    private static let barWidth = 40
}
