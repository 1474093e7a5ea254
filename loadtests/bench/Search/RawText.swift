import Contracts

/// The same texts in a bare full-text table: the least that a search for them can cost in an engine.
protocol RawText: Sendable {
    /// Finds the best twenty events that have all words of a text, the last as a beginning.
    func search(_ text: String) async throws

    /// Finds ten events whose title, artist or venue has all words of a text, the last as a beginning.
    func suggest(_ text: String) async throws

    func close() async
}

extension RawText {
    /// Runs one query after the other in each of `tasks` tasks.
    func load(
        _ texts: [String], tasks: Int = 1, _ options: RunOptions,
        _ query: @escaping @Sendable (Self, String) async throws -> Void
    ) async throws -> Sample {
        let rotation = Rotation(texts)
        return try await TaskLoad.measure(tasks: tasks, options) { [self] _ in try await query(self, rotation.next()) }
    }

    /// The words of a text, without what an engine would read as an operator.
    static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
