import Testing

@testable import LockKit

@Suite(.timeLimit(.minutes(1))) struct LockWaiterTests {
    @Test func `sleeps of no time end, however early the timer is`() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let waiter = LockWaiter(keys: ["a"])
                    var count = 0
                    for _ in 0..<2000 where await waiter.sleep(atMost: .zero) == .timeOver { count += 1 }
                    return count
                }
            }
            for await count in group { #expect(count == 2000) }
        }
    }

    @Test func `a waiter whose task is cancelled does not sleep`() async {
        let waiter = LockWaiter(keys: ["a"])
        let task = Task { await waiter.sleep(atMost: .seconds(600)) }
        task.cancel()
        #expect(await task.value == .timeOver)
    }
}
