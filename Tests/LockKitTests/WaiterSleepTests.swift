import Testing

@testable import LockKit

@Suite struct WaiterSleepTests {
    @Test func `a sleep lasts until it is woken or its time is over`() {
        var sleep = WaiterSleep<Int>()
        #expect(sleep.begin(1) == nil)
        #expect(sleep.wake() == 1)
        #expect(sleep.begin(2) == nil)
        #expect(sleep.giveUp() == 2)
        #expect(sleep.begin(3) == nil)
    }

    @Test func `a time that is over before the sleep begins ends it at once`() {
        var sleep = WaiterSleep<Int>()
        #expect(sleep.giveUp() == nil)
        #expect(sleep.begin(1) == .timeOver)
        #expect(sleep.begin(2) == nil)
    }

    @Test func `a release before the sleep begins ends it at once, whatever its time`() {
        for isLate in [true, false] {
            var sleep = WaiterSleep<Int>()
            if isLate { #expect(sleep.giveUp() == nil) }
            #expect(sleep.wake() == nil)
            #expect(sleep.giveUp() == nil)
            #expect(sleep.begin(1) == .released)
            #expect(sleep.begin(2) == nil)
        }
    }

    @Test func `a timer that fires after its sleep ends no other, and a release then is not lost`() {
        var sleep = WaiterSleep<Int>()
        _ = sleep.begin(1)
        #expect(sleep.wake() == 1)
        #expect(sleep.giveUp() == nil)
        sleep.finish()
        #expect(sleep.begin(2) == nil)
        #expect(sleep.giveUp() == 2)
        #expect(sleep.wake() == nil)
        sleep.finish()
        #expect(sleep.begin(3) == .released)
    }
}
