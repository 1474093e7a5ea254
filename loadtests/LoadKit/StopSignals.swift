import Foundation
import UnixSignals

/// What Ctrl-C and SIGTERM mean for a load test: the first ends it in good order, the second at once.
package enum StopSignals {
    /// The exit code of what a first Ctrl-C ended.
    package static let exitCode: Int32 = 130

    /// Calls `stop` at the first signal and ends the process at the second, until the task is cancelled.
    package static func onFirst(_ stop: @escaping @Sendable () -> Void) -> Task<Void, Never> {
        Task {
            var count = 0
            for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                count += 1
                if count > 1 { exit(128 + signal.rawValue) }
                stop()
            }
        }
    }
}
