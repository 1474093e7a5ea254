import HTTPKit

/// What was done under a deadline was not done when it passed.
struct DeadlinePassed: Error {}

extension Deadline {
    /// What `body` returns; it is cancelled when the deadline passes, and must end then.
    ///
    /// - Throws: ``DeadlinePassed``, or what `body` throws
    func bound<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: remaining)
                throw DeadlinePassed()
            }
            guard let result = try await group.next() else { throw DeadlinePassed() }
            return result
        }
    }
}
