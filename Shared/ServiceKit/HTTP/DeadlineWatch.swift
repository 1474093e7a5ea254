import HTTPKit
package import NIOCore
import Synchronization

/// Cancels the tasks whose requests have run out of time.
///
/// A timer or a racing child task for every request would cost more than many a request does. Here a request only
/// writes itself into a table; while the table is not empty, one timer looks through it every 50 ms. A task that is
/// cancelled ends at its next suspension point, which all calls to databases, services and Redis are.
package final class DeadlineWatch: Sendable {
    /// How late a deadline may be noticed.
    static let interval: TimeAmount = .milliseconds(50)

    /// The task of a request in progress.
    ///
    /// `UnsafeCurrentTask` is not Sendable because it may outlive its task. This one cannot be used after its end: it
    /// is only touched inside the lock of the table, and the task itself takes it out of the table, inside that lock,
    /// before it goes on. `cancel` is among the functions that may be called from other tasks.
    private struct Watched: @unchecked Sendable {
        let task: UnsafeCurrentTask
        let deadline: Deadline
        var isCancelled = false
    }

    private struct Table {
        var slots: [Watched?] = []
        var free: [Int] = []
        var isTicking = false
    }

    private let eventLoop: any EventLoop
    private let table = Mutex(Table())

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Runs `body`, whose task is cancelled when `deadline` passes.
    ///
    /// - Returns: what `body` gave, and whether its time ran out
    func run<Value>(
        until deadline: Deadline, _ body: () async throws -> Value
    ) async -> (result: Result<Value, any Error>, expired: Bool) {
        let slot = withUnsafeCurrentTask { $0.map { enter($0, deadline) } }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        let isCancelled = slot.map { leave($0) } ?? false
        // Who looks at the deadline may have ended before the next look at the table.
        return (result, isCancelled || deadline.hasPassed)
    }

    private func enter(_ task: UnsafeCurrentTask, _ deadline: Deadline) -> Int {
        let watched = Watched(task: task, deadline: deadline)
        let (slot, startsTicking) = table.withLock { table in
            let slot: Int
            if let free = table.free.popLast() {
                slot = free
                table.slots[slot] = watched
            } else {
                slot = table.slots.count
                table.slots.append(watched)
            }
            let startsTicking = !table.isTicking
            table.isTicking = true
            return (slot, startsTicking)
        }
        if startsTicking { scheduleTick() }
        return slot
    }

    private func leave(_ slot: Int) -> Bool {
        table.withLock { table in
            let wasCancelled = table.slots[slot]?.isCancelled ?? false
            table.slots[slot] = nil
            table.free.append(slot)
            return wasCancelled
        }
    }

    private func scheduleTick() {
        eventLoop.scheduleTask(in: Self.interval) { self.tick() }
    }

    private func tick() {
        let isBusy = table.withLock { table in
            for slot in table.slots.indices {
                guard let watched = table.slots[slot], !watched.isCancelled, watched.deadline.hasPassed else {
                    continue
                }
                table.slots[slot]?.isCancelled = true
                watched.task.cancel()
            }
            table.isTicking = table.free.count < table.slots.count
            return table.isTicking
        }
        if isBusy { scheduleTick() }
    }
}
