import Synchronization
import TestSupport
import Testing

@testable import inventory

@Suite(.timeLimit(.minutes(1))) struct SharedReadsTests {
    /// A source whose reads wait for the test.
    private final class Source: Sendable {
        private struct State {
            var value = 0
            var reads = 0
            var askers = 0
            var isOpen = false
        }

        private let state = Mutex(State())

        var reads: Int { state.withLock { $0.reads } }
        /// Who is about to ask for a value.
        var askers: Int { state.withLock { $0.askers } }

        func arrive() { state.withLock { $0.askers += 1 } }

        func set(_ value: Int) { state.withLock { $0.value = value } }

        func open() { state.withLock { $0.isOpen = true } }

        func read() async throws -> Int {
            let value = state.withLock { state in
                state.reads += 1
                return state.value
            }
            while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(2)) }
            return value
        }
    }

    struct Broken: Error {}

    @Test func `who asks while a read is under way gets one that began later, together with all others`() async throws {
        let source = Source()
        let reads = SharedReads { _ in try await source.read() }
        let first = Task { try await reads.value(of: "a") }
        try await eventually { source.reads == 1 }
        source.set(1)
        let others = (0..<100).map { _ in
            Task {
                source.arrive()
                return try await reads.value(of: "a")
            }
        }
        try await eventually { source.askers == 100 }
        source.open()
        #expect(try await first.value == 0)
        for other in others { #expect(try await other.value == 1) }
        #expect(source.reads <= 3)
    }

    @Test func `different keys are read side by side`() async throws {
        let source = Source()
        let reads = SharedReads { _ in try await source.read() }
        let tasks = (0..<3).map { key in Task { try await reads.value(of: "\(key)") } }
        try await eventually { source.reads == 3 }
        source.open()
        for task in tasks { #expect(try await task.value == 0) }
    }

    @Test func `a read that fails fails for those who shared it, and the next one is made anew`() async throws {
        let count = Mutex(0)
        let reads = SharedReads { _ -> Int in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number == 1 { throw Broken() }
            return number
        }
        await #expect(throws: Broken.self) { try await reads.value(of: "a") }
        #expect(try await reads.value(of: "a") == 2)
    }
}
