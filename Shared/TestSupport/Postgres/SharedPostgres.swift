/// The PostgreSQL cluster that all tests of a process share, each in a database of its own.
package actor SharedPostgres {
    /// How many tests use it at once. All tests of a process begin together, more than a server has connections for.
    private static let testsMax = 8

    private static let shared = SharedPostgres()

    private var starting: Task<PrivatePostgres, any Error>?
    private var testsRunning = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// The cluster, started by the first test that needs it; it ends with the process.
    package static func cluster() async throws -> PrivatePostgres {
        try await shared.start().value
    }

    /// Runs `body` when not too many other tests use the cluster.
    package static func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        await shared.enter()
        do {
            let result = try await body()
            await shared.leave()
            return result
        } catch {
            await shared.leave()
            throw error
        }
    }

    private func start() -> Task<PrivatePostgres, any Error> {
        if let starting { return starting }
        let task = Task { try await PrivatePostgres.start() }
        starting = task
        return task
    }

    private func enter() async {
        guard testsRunning >= Self.testsMax else {
            testsRunning += 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Whoever waits longest takes the place over.
    private func leave() {
        if waiting.isEmpty { testsRunning -= 1 } else { waiting.removeFirst().resume() }
    }
}
