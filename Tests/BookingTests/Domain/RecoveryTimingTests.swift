import Contracts
import Testing

@testable import booking

@Suite struct RecoveryTimingTests {
    private let timing = RecoveryTiming()
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test func `a charge is given up at its deadline, or before the pin ends`() {
        #expect(timing.giveUp(from: now, pinnedUntil: now + .seconds(600)) == now + .seconds(120))
        #expect(timing.giveUp(from: now, pinnedUntil: now + .seconds(60)) == now + .seconds(55))
        #expect(timing.giveUp(from: now, pinnedUntil: now - .seconds(60)) == now)
    }

    @Test func `pauses grow up to a limit`() {
        #expect(timing.pause(after: 0) == .milliseconds(500))
        #expect(timing.pause(after: 1) == .seconds(1))
        #expect(timing.pause(after: 3) == .seconds(4))
        #expect(timing.pause(after: 4) == .seconds(5))
        #expect(timing.pause(after: .max) == .seconds(5))
        #expect(timing.pause(after: -1) == .milliseconds(500))
    }
}
