import Contracts
import TestSupport

/// P14: what the seven services take from a machine when nobody asks anything.
struct IdleMemory: Benchmark {
    let id = "P14"
    let summary = "memory of the seven services together, just started and idle"

    private static let idle = "idle"
    /// Password hashes as in production: the administrator's is made at the start.
    private static let passwordCost = "17"
    /// What a start leaves to be given back is given back by then.
    private static let settling = Duration.seconds(3)

    private static func memory(_ service: String) -> Figure { Figure(rawValue: "memory.\(service)") }

    var comparisons: [Comparison] {
        [Comparison("MiB together (PSS)", .init(Self.idle, .memory), .atMost(400))]
            + ServiceName.allCases.map {
                Comparison("MiB of \($0.rawValue)", .init(Self.idle, Self.memory($0.rawValue)))
            }
    }

    func run(_ rounds: Rounds) async throws {
        // A fresh start for each round: memory only grows within one.
        try await rounds.measure([Contender(Self.idle) { _ in try await Self.measure() }])
    }

    private static func measure() async throws -> Sample {
        let options = StackOptions(common: ["SCRYPT_LOG2N": passwordCost])
        return try await HoldfastStack.with(options) { stack in
            try await Task.sleep(for: settling)
            let processes = try ServiceName.allCases.map { ($0.rawValue, try stack.process($0).identifier) }
            let memory = try ProcessMeter(Dictionary(uniqueKeysWithValues: processes)).memoryMiB()
            var sample = Sample([.memory: memory.values.reduce(0, +)])
            for (service, size) in memory { sample[Self.memory(service)] = size }
            return sample
        }
    }
}
