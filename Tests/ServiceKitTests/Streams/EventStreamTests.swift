import HTTPKit
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceKit
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

/// Streams on a real server, read byte by byte.
@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
    /// The streams of a server, and how they ended.
    private final class Stage: Sendable {
        let port = Mutex<Int?>(nil)
        let streams = Mutex<[EventStream]>([])
        let ends = Mutex<[EventStream.End]>([])

        var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: port.withLock { $0 } ?? 0) }

        func send(_ frames: [EventFrame]) {
            for stream in streams.withLock({ $0 }) { stream.eventLoop.execute { stream.send(frames) } }
        }

        func waitForStreams(_ count: Int) async throws {
            try await eventually { streams.withLock { $0.count } == count }
        }

        func waitForEnds(_ ends: [EventStream.End]) async throws {
            try await eventually { self.ends.withLock { $0 } == ends }
        }
    }

    private func withServer(
        settings: [String: String] = [:], _ body: (Stage, ServiceGroup) async throws -> Void
    ) async throws {
        let stage = Stage()
        let harness = try ResponderHarness(settings: settings) { router in
            router.get("/stream") { _, context in
                Response.eventStream(for: context) { stream in
                    stage.streams.withLock { $0.append(stream) }
                } ended: { _, end in
                    stage.ends.withLock { $0.append(end) }
                }
            }
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = HTTPServer(
            harness.responder, host: "127.0.0.1", port: 0, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { port in stage.port.withLock { $0 = port } }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        async let running: Void = group.run()
        try await eventually { stage.port.withLock { $0 } != nil }
        try await body(stage, group)
        await group.triggerGracefulShutdown()
        try await running
    }

    private func frame(_ id: Int, _ text: String = "x") throws -> EventFrame {
        try EventFrame("news", id: String(id), ["text": text])
    }

    @Test func `events arrive one by one, long after any request's deadline`() async throws {
        try await withServer(settings: ["REQUEST_SECONDS": "0.1"]) { stage, _ in
            try await EventStreamClient.with("/stream", of: stage.endpoint) { client in
                #expect(client.head.lowercased().contains("cache-control: no-store"))
                try await stage.waitForStreams(1)
                for number in 0..<3 {
                    stage.send([try frame(number, "wört\nnext")])
                    let event = try await client.next()
                    #expect(event?.name == "news" && event?.id == "\(number)")
                    #expect(try event?.decode([String: String].self) == ["text": "wört\nnext"])
                    // Longer than the deadline and than the watch that looks for it.
                    try await Task.sleep(for: .milliseconds(100))
                }
                stage.send([.comment])
                #expect(try await client.next()?.isComment == true)
            }
            try await stage.waitForEnds([.clientLeft])
        }
    }

    @Test func `a stream that is finished ends in order, and its connection serves on`() async throws {
        try await withServer { stage, _ in
            try await EventStreamClient.with("/stream", of: stage.endpoint) { client in
                try await stage.waitForStreams(1)
                stage.send([try frame(1), try frame(2)])
                stage.streams.withLock { $0 }[0].finish()
                #expect(try await client.next()?.id == "1")
                #expect(try await client.next()?.id == "2")
                #expect(try await client.next() == nil)
            }
            try await stage.waitForEnds([.finished])
        }
    }

    @Test func `a client that does not read is cut off, the others are not held up`() async throws {
        try await withServer { stage, _ in
            let large = String(repeating: "x", count: 20_000)
            try await EventStreamClient.with("/stream", of: stage.endpoint) { _ in
                try await stage.waitForStreams(1)
                try await EventStreamClient.with("/stream", of: stage.endpoint) { reader in
                    try await stage.waitForStreams(2)
                    var sent = 0
                    while stage.ends.withLock({ $0.isEmpty }), sent < 10_000 {
                        stage.send([try frame(sent, large)])
                        #expect(try await reader.next()?.id == "\(sent)")
                        sent += 1
                    }
                    try await stage.waitForEnds([.clientTooSlow])
                }
            }
        }
    }

    @Test func `all streams end in order when the process is told to stop`() async throws {
        try await withServer { stage, group in
            try await EventStreamClient.with("/stream", of: stage.endpoint) { client in
                try await stage.waitForStreams(1)
                await group.triggerGracefulShutdown()
                #expect(try await client.next() == nil)
            }
            try await stage.waitForEnds([.finished])
        }
    }

    @Test func `what is sent to a stream that ended goes nowhere`() async throws {
        try await withServer { stage, _ in
            try await EventStreamClient.with("/stream", of: stage.endpoint) { _ in try await stage.waitForStreams(1) }
            try await stage.waitForEnds([.clientLeft])
            stage.send([.comment])
            stage.streams.withLock { $0 }[0].finish()
            try await EventStreamClient.with("/stream", of: stage.endpoint) { _ in try await stage.waitForStreams(2) }
            try await stage.waitForEnds([.clientLeft, .clientLeft])
        }
    }
}
