/// How locks fare with more keys and more tasks, beside the server's ceiling and two libraries.
struct LockMatrix: Benchmark {
    let id = "LOCKS"
    let summary = "LockKit, redis-benchmark's ceiling, redis-py and pottery: 1 to 8 keys, 1 to 256 tasks"

    private static let keys = [1, 2, 4, 8]
    private static let tasks = [1, 16, 256]

    /// One field of the matrix.
    private struct Field {
        let keys: Int
        let tasks: Int

        static let all = LockMatrix.keys.flatMap { keys in LockMatrix.tasks.map { Field(keys: keys, tasks: $0) } }

        var name: String { "\(keys) \(keys == 1 ? "key" : "keys"), \(tasks) \(tasks == 1 ? "task" : "tasks")" }

        func contender(_ name: String) -> String { "\(name): \(self.name)" }
    }

    var comparisons: [Comparison] {
        Field.all.flatMap { field in
            ["ceiling", "redis-py", "pottery"].map { reference in
                Comparison(
                    "\(field.name), pairs per s, against \(reference)", .init(field.contender("LockKit"), .rate),
                    to: .init(field.contender(reference), .rate))
            }
        }
    }

    func run(_ rounds: Rounds) async throws {
        let python = rounds.options.python
        var libraries: [(String, PythonLocks.Library)] = []
        for (name, library) in [("redis-py", PythonLocks.Library.redisPy), ("pottery", .pottery)] {
            if await PythonLocks.isAvailable(library, in: python) {
                libraries.append((name, library))
            } else {
                rounds.note("\(python) has no \(name)")
            }
        }
        let present = libraries
        try await LockStage.with { stage in
            let python = PythonLocks(redis: stage.redis)
            for field in Field.all {
                var contenders = [
                    Contender(field.contender("LockKit"), stage.pairs(keys: field.keys, tasks: field.tasks)),
                    Contender(field.contender("ceiling"), stage.ceiling(keys: field.keys, tasks: field.tasks)),
                ]
                for (name, library) in present {
                    contenders.append(
                        Contender(field.contender(name)) {
                            try await python.pairs(of: library, keys: field.keys, tasks: field.tasks, $0)
                        })
                }
                try await rounds.measure(contenders)
            }
        }
    }
}
