import TestSupport
import Testing

@testable import LockKit

@Suite struct ReleaseSignalsTests {
    @Test func `who comes while the listeners of the last are still ending is heard all the same`() async throws {
        try await withBench { bench async throws in
            let signals = bench.locks.signals
            let channel = "wake:{E}"
            let (first, second) = (LockWaiter(keys: ["a"]), LockWaiter(keys: ["a"]))
            signals.enter(first, channel: channel)
            try await eventually { signals.isHeard(channel) }
            let ending = signals.leave(first, channel: channel)
            signals.enter(second, channel: channel)
            for listener in ending { await listener.value }
            try await eventually { signals.isHeard(channel) }
            for listener in signals.leave(second, channel: channel) { await listener.value }
        }
    }
}
