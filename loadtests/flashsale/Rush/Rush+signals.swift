import Foundation
import UnixSignals

extension Rush {
    /// The first Ctrl-C or SIGTERM ends the rush early and still audits it; the second ends the process.
    func stopOnSignals() -> Task<Void, Never> {
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
