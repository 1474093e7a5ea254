import Synchronization

/// A closed loop of tasks inside this process, for what has no network protocol of its own.
enum TaskLoad {
    private enum Phase {
        static let warmUp = 0
        static let measuring = 1
        static let over = 2
    }

    private final class State: Sendable {
        let phase = Atomic<Int>(Phase.warmUp)
    }

    /// Has `tasks` tasks run `operation` over and over; counts for the asked time after the warm-up.
    ///
    /// - Parameters:
    ///   - executor: runs the tasks; the shared pool of threads when nil
    ///   - operation: is told the number of its task
    static func measure(
        tasks: Int, on executor: (any TaskExecutor)? = nil, _ options: RunOptions,
        _ operation: @escaping @Sendable (_ task: Int) async throws -> Void
    ) async throws -> Sample {
        let state = State()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask(executorPreference: executor) {
                    var counted = 0
                    while true {
                        let phase = state.phase.load(ordering: .relaxed)
                        guard phase != Phase.over, !Task.isCancelled else { return counted }
                        try await operation(task)
                        if phase == Phase.measuring { counted += 1 }
                    }
                }
            }
            defer { state.phase.store(Phase.over, ordering: .relaxed) }
            try await Task.sleep(for: options.warmUp)
            let began = (time: ContinuousClock.now, cpu: ProcessMeter.ownCPUSeconds())
            state.phase.store(Phase.measuring, ordering: .relaxed)
            try await Task.sleep(for: options.duration)
            state.phase.store(Phase.over, ordering: .relaxed)
            let took = ContinuousClock.now - began.time
            let cpu = ProcessMeter.ownCPUSeconds() - began.cpu
            let operations = try await group.reduce(0, +)
            return Sample([
                .rate: Double(operations) / (took / .seconds(1)),
                .cpu("client"): cpu * 1e6 / Double(max(1, operations)),
            ])
        }
    }
}
