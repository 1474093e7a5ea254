import Contracts
import Testing

@testable import inventory

@Suite struct HoldTimingTests {
    private let timing = HoldTiming()
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("a fixed hold ends at its deadline and owes no sign of life")
    func fixed() {
        let period = timing.fixed(from: start)
        #expect(period.endsAt == start + .seconds(600))
        #expect(period.expiresAt == period.hardExpiresAt)
        #expect(period.kind == .fixed)
        #expect(timing.fixedForTickets(from: start).endsAt == start + .seconds(900))
    }

    @Test("a checkout nobody attends ends three minutes after it began, long before its deadline")
    func silence() {
        let period = timing.checkout(from: start)
        #expect(period.expiresAt == start + .seconds(600))
        #expect(period.hardExpiresAt == start + .seconds(900))
        #expect(period.endsAt == start + .seconds(180))
        #expect(period.kind == .checkout)
    }

    @Test("a page that said it is hidden may be silent for a minute longer")
    func hidden() {
        let period = timing.afterHeartbeat(at: start, isHidden: true, hardEnd: start + .seconds(900))
        #expect(period.endsAt == start + .seconds(240))
    }

    @Test("heartbeats move the deadline up to the hard cap and never past it")
    func hardCap() {
        let hardEnd = start + .seconds(900)
        for second in stride(from: 0, through: 900, by: 30) {
            let now = start + .seconds(second)
            let period = timing.afterHeartbeat(at: now, isHidden: second % 60 == 0, hardEnd: hardEnd)
            #expect(period.expiresAt == min(now + .seconds(600), hardEnd))
            #expect(period.endsAt <= hardEnd && period.hardExpiresAt == hardEnd)
        }
    }
}
