import Foundation
import TestSupport

/// The lock of redis-py's asyncio client under the same load, in a process of its own.
struct PythonLocks: Sendable {
    let redis: PrivateRedis

    private static let program = """
        import asyncio, sys, time
        import redis.asyncio

        async def main(port, tasks, warm_up, seconds):
            client = redis.asyncio.Redis(port=port, max_connections=tasks)
            began = time.monotonic() + warm_up
            end = began + seconds

            async def work(task):
                pairs = 0
                while (now := time.monotonic()) < end:
                    lock = client.lock(f"py:A-{task}", timeout=30, blocking=False)
                    assert await lock.acquire()
                    await lock.release()
                    pairs += now >= began
                return pairs

            pairs = sum(await asyncio.gather(*(work(task) for task in range(tasks))))
            print(pairs / (time.monotonic() - began))

        asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
        """

    /// Whether that Python can be used.
    static func isAvailable(_ python: String) async -> Bool {
        (try? await run(python, ["-c", "import redis.asyncio"], within: .seconds(20))) != nil
    }

    func pairs(_ options: RunOptions) async throws -> Sample {
        let output = try await Self.run(
            options.python,
            [
                "-c", Self.program, "\(redis.port)", "\(LockStage.tasks)", "\(options.warmUp / .seconds(1))",
                "\(options.duration / .seconds(1))",
            ], within: options.warmUp + options.duration + .seconds(30))
        guard let rate = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CommandFailed(name: "python", output: output)
        }
        return Sample([.rate: rate])
    }

    private static func run(_ python: String, _ arguments: [String], within limit: Duration) async throws -> String {
        // Through env, which looks for the interpreter in PATH.
        try await CommandOutput.of("/usr/bin/env", [python] + arguments, within: limit)
    }
}
