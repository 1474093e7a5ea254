import Synchronization

/// Reads that are shared by those who want the same at the same time.
///
/// What a caller gets was read after it asked, so nobody gets less than what was acknowledged before. Of one key one
/// read runs and one waits, however many ask: a crowd costs as much as one caller who asks again and again.
final class SharedReads<Value: Sendable>: Sendable {
    private typealias Read = Task<Value, any Error>

    private struct Entry {
        /// The newest of them, and whether others may still join it: not once it has begun.
        var read: Read
        var number: Int
        var hasBegun = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var last = 0
    }

    private let state = Mutex(State())
    private let read: @Sendable (String) async throws -> Value

    init(_ read: @escaping @Sendable (_ key: String) async throws -> Value) {
        self.read = read
    }

    /// What is read of `key` from now on.
    func value(of key: String) async throws -> Value {
        try await join(key).value
    }

    private func join(_ key: String) -> Read {
        state.withLock { state in
            let current = state.entries[key]
            if let current, !current.hasBegun { return current.read }
            state.last += 1
            let number = state.last
            let read = Read { [self, previous = current?.read] in
                _ = await previous?.result
                begin(key, number)
                defer { end(key, number) }
                return try await self.read(key)
            }
            state.entries[key] = Entry(read: read, number: number)
            return read
        }
    }

    private func begin(_ key: String, _ number: Int) {
        state.withLock { state in
            if state.entries[key]?.number == number { state.entries[key]?.hasBegun = true }
        }
    }

    private func end(_ key: String, _ number: Int) {
        state.withLock { state in
            if state.entries[key]?.number == number { state.entries[key] = nil }
        }
    }
}
