import NIOCore
import Testing

@testable import RedisKit

@Suite struct CommandQueueTests {
    /// Adds a command with a waiter that expects `code`, and returns what the queue said.
    private func add(
        _ text: String, to queue: inout CommandQueue, deadline: NIODeadline = .distantFuture,
        _ continuation: CheckedContinuation<Result<RedisValue, RedisError>, Never>
    ) -> CommandQueue.Addition {
        queue.add(
            [RedisCommand(text)], PendingRequest(waiter: .one(continuation), replyCount: 1, deadline: deadline))
    }

    @Test func `the event loop is woken once for all that gathers`() async {
        var queue = CommandQueue(commandsMax: 10, bytesMax: 1000)
        var additions: [String] = []
        for _ in 0..<2 {
            _ = await withCheckedContinuation { continuation in
                additions.append("\(add("A", to: &queue, continuation))")
                additions.append("\(queue.entries.count)")
                continuation.resume(returning: .success(.null))
            }
        }
        #expect(additions == ["wake", "1", "queued", "2"])
        let batch = queue.takeForWriting()
        #expect(batch.entries.count == 2)
        #expect(String(buffer: batch.bytes) == "*1\r\n$1\r\nA\r\n*1\r\n$1\r\nA\r\n")
    }

    @Test func `every sixteenth command that waits is worth a write, after which the rest is still on its way`() async {
        var queue = CommandQueue(commandsMax: 100, bytesMax: 10_000)
        var additions: [String] = []
        for _ in 0..<40 {
            _ = await withCheckedContinuation { continuation in
                let addition = add("A", to: &queue, continuation)
                additions.append("\(addition)")
                if case .write = addition { #expect(queue.takeForWriting(isAwake: true).entries.count == 16) }
                continuation.resume(returning: .success(.null))
            }
        }
        let part = Array(repeating: "queued", count: 15) + ["write"]
        #expect(additions == ["wake"] + part.dropFirst() + part + part.prefix(8))
        #expect(queue.takeForWriting().entries.count == 8)
        _ = await withCheckedContinuation { continuation in
            #expect("\(add("A", to: &queue, continuation))" == "wake")
            continuation.resume(returning: .success(.null))
        }
    }

    @Test func `a full queue refuses at once, counting what is under way`() async {
        var queue = CommandQueue(commandsMax: 1, bytesMax: 1000)
        let result = await withCheckedContinuation { continuation in
            _ = add("A", to: &queue, continuation)
            _ = queue.takeForWriting()
            guard case .refuse(let error) = add("B", to: &queue, continuation) else {
                return continuation.resume(returning: .success(.null))
            }
            continuation.resume(returning: .failure(error))
        }
        #expect(throws: RedisError.self) { try result.get() }
        queue.settled(1)
        _ = await withCheckedContinuation { continuation in
            if case .wake = add("C", to: &queue, continuation) {
                continuation.resume(returning: .success(.null))
            }
        }
    }

    @Test func `what expires in the queue leaves it, and the rest keeps its bytes`() async {
        var queue = CommandQueue(commandsMax: 10, bytesMax: 1000)
        let deadlines: [NIODeadline] = [.uptimeNanoseconds(1), .uptimeNanoseconds(9)]
        for (name, deadline) in zip(["OLD", "NEW"], deadlines) {
            _ = await withCheckedContinuation { continuation in
                _ = add(name, to: &queue, deadline: deadline, continuation)
                continuation.resume(returning: .success(.null))
            }
        }
        #expect(queue.takeExpired(now: .uptimeNanoseconds(5)).count == 1)
        #expect(String(buffer: queue.takeForWriting().bytes) == "*1\r\n$3\r\nNEW\r\n")
    }

    @Test func `pauses double up to a bound and are drawn below it`() {
        var backoff = Backoff(.milliseconds(10)...Duration.milliseconds(100))
        var generator = SystemRandomNumberGenerator()
        for bound in [10, 20, 40, 80, 100, 100] {
            #expect(backoff.bound == .milliseconds(bound))
            #expect((.zero...Duration.milliseconds(bound)).contains(backoff.next(using: &generator)))
        }
        backoff.reset()
        #expect(backoff.bound == .milliseconds(10))
    }
}
