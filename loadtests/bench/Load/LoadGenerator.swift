import HTTPKit
import Histogram
import LoadKit
import NIOCore
import NIOPosix

/// Keeps many keep-alive connections busy from one thread: a closed loop, one request at a time on each.
struct LoadGenerator: Sendable {
    /// As many as the targets name.
    static let connections = 64

    private static let connectTimeout = TimeAmount.seconds(5)
    private static let settleLimit = Duration.seconds(15)
    private static let watchInterval = Duration.milliseconds(50)

    private let eventLoop: any EventLoop

    /// The generator of the process: its one thread is the process's only busy one while a load runs.
    static let shared = LoadGenerator(eventLoop: MultiThreadedEventLoopGroup(numberOfThreads: 1).next())

    /// Loads `endpoint`, counts for the asked time after the warm-up, and lets what is under way finish.
    ///
    /// - Parameters:
    ///   - meter: the processes whose CPU time is put beside the operations
    ///   - makeScript: makes the script of each connection, on the event loop
    func measure(
        _ endpoint: Endpoint, _ options: RunOptions, _ meter: ProcessMeter,
        makeScript: @escaping @Sendable (_ connection: Int) -> any LoadScript
    ) async throws -> Sample {
        let load = try await eventLoop.submit { [eventLoop] in
            let load = RunningLoad(connections: Self.connections)
            Self.connect(to: endpoint, load, eventLoop, makeScript)
            return NIOLoopBoundBox(load, eventLoop: eventLoop)
        }.get()
        do {
            try await watch(load, for: options.warmUp)
            let began = (time: ContinuousClock.now, cpu: try meter.cpuSeconds())
            _ = try await counts(load)
            try await watch(load, for: options.duration)
            let ended = (time: ContinuousClock.now, cpu: try meter.cpuSeconds())
            let counted = try await counts(load)
            try await finish(load)
            return Self.sample(counted, ended.time - began.time, began.cpu, ended.cpu)
        } catch {
            eventLoop.execute { load.value.end() }
            throw error
        }
    }

    private static func connect(
        to endpoint: Endpoint, _ load: RunningLoad, _ eventLoop: any EventLoop,
        _ makeScript: (_ connection: Int) -> any LoadScript
    ) {
        let bound = NIOLoopBound(load, eventLoop: eventLoop)
        for index in 0..<connections {
            let script = NIOLoopBound(makeScript(index), eventLoop: eventLoop)
            ClientBootstrap(group: eventLoop)
                .connectTimeout(connectTimeout)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(LoadConnection(script.value, bound.value))
                    }
                }
                .connect(host: endpoint.host, port: endpoint.port)
                .whenFailure { bound.value.fail($0) }
        }
    }

    /// Lets time pass, and ends early when the load has failed.
    private func watch(_ load: NIOLoopBoundBox<RunningLoad>, for duration: Duration) async throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            try await Task.sleep(for: min(Self.watchInterval, end - .now))
            if let failure = try await eventLoop.submit({ load.value.failure }).get() { throw failure }
        }
    }

    private func counts(
        _ load: NIOLoopBoundBox<RunningLoad>
    ) async throws -> (operations: Int, latencies: Histogram<UInt64>) {
        try await eventLoop.submit { load.value.takeCounts() }.get()
    }

    /// Waits until every connection has finished and closed, so that nothing of this load weighs on the next.
    private func finish(_ load: NIOLoopBoundBox<RunningLoad>) async throws {
        try await eventLoop.submit { load.value.end() }.get()
        let deadline = ContinuousClock.now + Self.settleLimit
        while try await eventLoop.submit({ load.value.open }).get() > 0 {
            guard ContinuousClock.now < deadline else { throw LoadDidNotSettle() }
            try await Task.sleep(for: .milliseconds(5))
        }
        if let failure = try await eventLoop.submit({ load.value.failure }).get() { throw failure }
    }

    private static func sample(
        _ counted: (operations: Int, latencies: Histogram<UInt64>), _ took: Duration, _ cpuBefore: [String: Double],
        _ cpuAfter: [String: Double]
    ) -> Sample {
        let operations = Double(max(1, counted.operations))
        let latencies = LatencySummary(counted.latencies)
        var sample = Sample([
            .rate: Double(counted.operations) / (took / .seconds(1)), .p50: latencies.p50, .p99: latencies.p99,
            .p999: latencies.p999,
        ])
        for (process, seconds) in cpuAfter {
            sample[.cpu(process)] = (seconds - cpuBefore[process, default: 0]) * 1e6 / operations
        }
        return sample
    }
}

/// Requests under load were still not answered long after its end.
struct LoadDidNotSettle: Error, CustomStringConvertible {
    var description: String { "requests were still not answered long after the end of the load" }
}
