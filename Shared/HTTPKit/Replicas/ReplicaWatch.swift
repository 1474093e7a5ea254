import Logging

/// Asks the replicas of one service how they are, and its names for their addresses.
///
/// However many want to know, each replica is asked by one round at a time, and those who come meanwhile share it.
actor ReplicaWatch {
    /// How long a replica has to answer: after that it counts as silent.
    static let answerTimeout = Duration.seconds(1)

    nonisolated let directory: ReplicaDirectory
    private let probe: any ReplicaProbe
    private let resolver: any AddressResolver
    private let logger: Logger
    private var latestRound: ContinuousClock.Instant?
    private var running: Task<Void, Never>?
    /// What each name stood for when it could last be resolved.
    private var addresses: [Endpoint: [Endpoint]] = [:]

    init(
        _ directory: ReplicaDirectory, probe: any ReplicaProbe, resolver: any AddressResolver, logger: Logger
    ) {
        self.directory = directory
        self.probe = probe
        self.resolver = resolver
        self.logger = logger
    }

    /// The names among the configured endpoints.
    nonisolated var names: [Endpoint] { directory.endpoints.filter { $0.literalAddress == nil } }

    /// How all replicas are, known for no longer than `age`.
    func reports(noOlderThan age: Duration) async -> [ReplicaReport] {
        if let latestRound, latestRound.duration(to: .now) < age { return directory.replicas }
        if let running {
            await running.value
        } else {
            let task = Task { [directory, probe] in await Self.ask(directory, probe) }
            running = task
            await task.value
            running = nil
            latestRound = .now
        }
        return directory.replicas
    }

    /// Looks every name up once more; one that cannot be resolved keeps its addresses.
    func resolve() async {
        for name in names {
            do {
                addresses[name] = try await resolver.addresses(of: name)
            } catch {
                logger.debug("name not resolved", metadata: ["name": "\(name.host)", "error": "\(error)"])
            }
        }
        directory.resolved(addresses)
    }

    private static func ask(_ directory: ReplicaDirectory, _ probe: any ReplicaProbe) async {
        let deadline = Deadline.after(answerTimeout)
        await withTaskGroup(of: Void.self) { group in
            for replica in directory.replicas {
                // Each answer counts as soon as it is there: a silent replica does not hold the others up.
                group.addTask { directory.learned(await probe.report(on: replica.endpoint, deadline: deadline)) }
            }
        }
    }
}
