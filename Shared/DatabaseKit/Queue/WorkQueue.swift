import DequeModule
import Synchronization

/// A bounded first-in, first-out queue between callers and the workers of a driver (a SQLite writer, readers, a pool of
/// PostgreSQL connections), which take one unit or a whole batch at a time.
///
/// A worker that finds the queue empty becomes idle in the same step, and an append takes one worker out of idleness in
/// the same step: no unit is ever left behind, and no thread waits.
final class WorkQueue: Sendable {
    private struct State {
        var pending: Deque<any WorkUnit> = []
        /// The workers that wait for work; the most recently used one is woken first, its caches being warm.
        var idle: [Int] = []
        /// How many workers sit out an outage, and what it is.
        var sittingOut = 0
        var outage: DatabaseError?
        var isClosed = false
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    private let unitsMax: Int
    private let workers: Int
    private let state: Mutex<State>

    /// A queue for at most `unitsMax` waiting units and `workers` workers, numbered from 0, all idle at first.
    init(unitsMax: Int, workers: Int) {
        self.unitsMax = unitsMax
        self.workers = workers
        var state = State()
        state.idle = Array((0..<workers).reversed())
        self.state = Mutex(state)
    }

    /// Why units are refused; nil when they are not.
    var outage: DatabaseError? {
        state.withLock { $0.outage }
    }

    /// How many units wait.
    var depth: Int {
        state.withLock { $0.pending.count }
    }

    /// Appends `unit`, or refuses it at once when the queue is full or closed. Returns the idle worker that the caller
    /// has to start, if there was one.
    func append(_ unit: any WorkUnit) throws(DatabaseError) -> Int? {
        try state.withLock { state throws(DatabaseError) in
            if state.isClosed { throw DatabaseError(.closed, "the database was closed") }
            if let outage = state.outage { throw outage }
            if state.pending.count >= unitsMax {
                throw DatabaseError(.overloaded, "\(unitsMax) units are waiting for the database")
            }
            state.pending.append(unit)
            return state.idle.popLast()
        }
    }

    /// Appends what waits, up to `unitsMax`, to `batch` without ever making the worker idle; returns how many.
    func takeMore(upTo unitsMax: Int, into batch: inout [any WorkUnit]) -> Int {
        let taken = state.withLock { Self.removeFirst(unitsMax, &$0) }
        batch.append(contentsOf: taken)
        return taken.count
    }

    /// Takes up to `unitsMax` units in the order they came; none means that `worker` is idle from now on.
    func take(upTo unitsMax: Int, worker: Int) -> [any WorkUnit] {
        let (taken, drained) = state.withLock { state in
            let taken = Self.removeFirst(unitsMax, &state)
            var drained: [CheckedContinuation<Void, Never>] = []
            if taken.isEmpty {
                state.idle.append(worker)
                if isAtRest(state) { swap(&drained, &state.drained) }
            }
            return (taken, drained)
        }
        for continuation in drained { continuation.resume() }
        return taken
    }

    private func isAtRest(_ state: State) -> Bool {
        state.idle.count + state.sittingOut == workers
    }

    private static func removeFirst(_ unitsMax: Int, _ state: inout State) -> [any WorkUnit] {
        let count = min(unitsMax, state.pending.count)
        guard count > 0 else { return [] }
        let taken = Array(state.pending.prefix(count))
        state.pending.removeFirst(count)
        return taken
    }

    /// Refuses all further units and returns when those accepted before have been answered.
    func close() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                state.isClosed = true
                if state.pending.isEmpty, isAtRest(state) { return true }
                state.drained.append(continuation)
                return false
            }
            if isDrained { continuation.resume() }
        }
    }
}

// MARK: - Outages

extension WorkQueue {
    /// Keeps `worker` from taking units while its connection is of no use; false when the connection was closed.
    ///
    /// A connection that fails at once would otherwise draw all the work. When no worker is left, what waits is refused
    /// and so is what comes, at once, until one is back.
    func sitOut(_ session: some DriverSession, worker: Int) -> Bool {
        guard let outage = session.outage else { return true }
        let (refused, drained) = state.withLock { state in
            state.sittingOut += 1
            var refused: [any WorkUnit] = []
            if state.sittingOut == workers {
                state.outage = outage
                refused = Self.removeFirst(state.pending.count, &state)
            }
            var drained: [CheckedContinuation<Void, Never>] = []
            if isAtRest(state) { swap(&drained, &state.drained) }
            return (refused, drained)
        }
        for unit in refused {
            unit.fail(outage)
            unit.settle()
        }
        for continuation in drained { continuation.resume() }
        guard session.recover() else { return false }
        state.withLock { state in
            state.sittingOut -= 1
            state.outage = nil
        }
        return true
    }
}
