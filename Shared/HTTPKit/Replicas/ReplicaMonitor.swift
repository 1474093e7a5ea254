package import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the directories of replicas true: asks every replica how it is and every name for its addresses, again and
/// again, beside the requests and never in front of one.
package final class ReplicaMonitor: Service, Sendable {
    private let probe: any ReplicaProbe
    private let resolver: any AddressResolver
    private let probeInterval: Duration
    private let resolveInterval: Duration
    private let logger: Logger
    private let onRound: @Sendable (String, [ReplicaReport]) -> Void
    private let watches = Mutex<[ObjectIdentifier: ReplicaWatch]>([:])

    /// - Parameters:
    ///   - probeInterval: the pause between two questions to a replica
    ///   - resolveInterval: the pause between two questions for the addresses of a name
    ///   - onRound: told the name of a service and its replicas each time all of them were asked
    package init(
        probe: any ReplicaProbe, resolver: any AddressResolver = SystemResolver(), probeInterval: Duration,
        resolveInterval: Duration, logger: Logger,
        onRound: @escaping @Sendable (String, [ReplicaReport]) -> Void = { _, _ in }
    ) {
        self.probe = probe
        self.resolver = resolver
        self.probeInterval = probeInterval
        self.resolveInterval = resolveInterval
        self.logger = logger
        self.onRound = onRound
    }

    /// Watches `directory` from `run` on, which comes later.
    package func watch(_ directory: ReplicaDirectory) {
        _ = watch(of: directory)
    }

    /// How all replicas in `directory` are, known for no longer than `age`; takes a second at most.
    package func reports(on directory: ReplicaDirectory, noOlderThan age: Duration) async -> [ReplicaReport] {
        await watch(of: directory).reports(noOlderThan: age)
    }

    /// Asks until graceful shutdown.
    package func run() async throws {
        let watches = self.watches.withLock { Array($0.values) }
        let (probeInterval, resolveInterval, onRound) = (self.probeInterval, self.resolveInterval, self.onRound)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for watch in watches {
                    group.addTask {
                        await Self.repeating(every: probeInterval) {
                            onRound(watch.directory.service, await watch.reports(noOlderThan: .zero))
                        }
                    }
                    guard !watch.names.isEmpty else { continue }
                    group.addTask { await Self.repeating(every: resolveInterval) { await watch.resolve() } }
                }
            }
            // With nothing to watch it waits all the same: a service that returns would end the process.
            await Self.repeating(every: .seconds(3600)) {}
        }
    }

    private func watch(of directory: ReplicaDirectory) -> ReplicaWatch {
        watches.withLock { watches in
            if let watch = watches[ObjectIdentifier(directory)] { return watch }
            let watch = ReplicaWatch(directory, probe: probe, resolver: resolver, logger: logger)
            watches[ObjectIdentifier(directory)] = watch
            return watch
        }
    }

    private static func repeating(every interval: Duration, _ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            // Cancelled, the loop ends.
            try? await Task.sleep(for: interval)
        }
    }
}
