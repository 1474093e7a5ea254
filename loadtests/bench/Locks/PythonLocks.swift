import Foundation
import TestSupport

/// The locks of Python libraries under the same load, in a process of their own.
struct PythonLocks: Sendable {
    let redis: PrivateRedis

    /// Whose lock is taken.
    enum Library: String, Sendable {
        /// redis-py's asyncio client, one connection a task.
        case redisPy = "redis.asyncio"
        /// pottery's Redlock with one master, a thread a task.
        case pottery
    }

    /// Several keys are taken one after the other in their order, for these libraries know no other way.
    private static let programs: [Library: String] = [
        .redisPy: """
        import asyncio, sys, time
        import redis.asyncio

        async def main(port, tasks, keys, warm_up, seconds):
            client = redis.asyncio.Redis(port=port, max_connections=tasks)
            began = time.monotonic() + warm_up
            end = began + seconds

            async def work(task):
                pairs = 0
                while (now := time.monotonic()) < end:
                    locks = [client.lock(f"py:A-{task}-{k}", timeout=30, blocking=False) for k in range(keys)]
                    for lock in locks:
                        assert await lock.acquire()
                    for lock in reversed(locks):
                        await lock.release()
                    pairs += now >= began
                return pairs

            pairs = sum(await asyncio.gather(*(work(task) for task in range(tasks))))
            print(pairs / (time.monotonic() - began))

        asyncio.run(main(*(int(a) for a in sys.argv[1:4]), *(float(a) for a in sys.argv[4:6])))
        """,
        .pottery: """
        import sys, threading, time
        import redis
        from pottery import Redlock

        port, tasks, keys = (int(a) for a in sys.argv[1:4])
        warm_up, seconds = (float(a) for a in sys.argv[4:6])
        client = redis.Redis(port=port, max_connections=tasks + 16)
        began = time.monotonic() + warm_up
        end = began + seconds
        counts = [0] * tasks

        def work(task):
            while (now := time.monotonic()) < end:
                locks = [
                    Redlock(key=f"po:A-{task}-{k}", masters={client}, auto_release_time=30) for k in range(keys)
                ]
                for lock in locks:
                    assert lock.acquire(blocking=True, timeout=5)
                for lock in reversed(locks):
                    lock.release()
                counts[task] += now >= began

        threads = [threading.Thread(target=work, args=(task,)) for task in range(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(sum(counts) / (time.monotonic() - began))
        """,
    ]

    /// Whether that Python has the library.
    static func isAvailable(_ library: Library = .redisPy, in python: String) async -> Bool {
        (try? await run(python, ["-c", "import \(library.rawValue)"], within: .seconds(20))) != nil
    }

    func pairs(
        of library: Library = .redisPy, keys: Int = 1, tasks: Int = LockStage.tasks, _ options: RunOptions
    ) async throws -> Sample {
        let output = try await Self.run(
            options.python,
            [
                "-c", Self.programs[library, default: ""], "\(redis.port)", "\(tasks)", "\(keys)",
                "\(options.warmUp / .seconds(1))", "\(options.duration / .seconds(1))",
            ], within: options.warmUp + options.duration + .seconds(60))
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
