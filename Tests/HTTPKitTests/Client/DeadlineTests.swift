import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPKit

/// Every request ends by its deadline, whatever the server does and whatever else the client is asked.
@Suite("The client and deadlines", .serialized, .timeLimit(.minutes(1)))
struct DeadlineTests {
    /// What a server may do with a connection, chosen by its number.
    private enum Manner: Int, CaseIterable {
        case answers, keepsSilent, closes, answersHalf, trickles, answersTwice, takesNothing, speaksGarbage
    }

    private static let script: RawServer.Script = { connection, number in
        while true {
            // The manner changes with the connection, so that the pool sees good ones become bad and back.
            switch Manner(rawValue: number % Manner.allCases.count) {
            case .answers:
                let head = try await connection.readHead()
                try await connection.write(ok)
                // What follows the head of a large request is no head.
                guard !head.contains("Content-Length: \(DeadlineTests.largeBytes)") else { return }
            case .keepsSilent:
                await connection.drain()
                return
            case .closes:
                _ = try await connection.readHead()
                return
            case .answersHalf:
                _ = try await connection.readHead()
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
                await connection.drain()
                return
            case .trickles:
                _ = try await connection.readHead()
                try await connection.write("HTTP/1.1 200 OK\r\nX: ")
                while true {
                    try await connection.write("x")
                    try await Task.sleep(for: .milliseconds(5))
                }
            case .answersTwice:
                _ = try await connection.readHead()
                try await connection.write(ok + ok)
                return
            case .takesNothing:
                // It reads nothing either, so that a large request stays in the way.
                try await Task.sleep(for: .seconds(60))
            case .speaksGarbage, nil:
                _ = try await connection.readHead()
                try await connection.write("garbage\r\n\r\n")
                return
            }
        }
    }

    /// More than the buffers between a client and a server that does not read.
    private static let largeBytes = 500_000
    private static let requestTime = Duration.milliseconds(150)
    /// How late an end may be told on a busy machine; a request that never ends is later than that.
    private static let tolerance = Duration.seconds(20)

    @Test("no request outlives its deadline, in a crowd, with few connections, whatever the server does")
    func crowd() async throws {
        try await RawServer.with(Self.script) { server in
            var limits = HTTPClient.Limits()
            limits.connectionsPerEndpointMax = 4
            limits.waitersMax = 8
            try await withClient(limits, loops: 2) { client in
                let unended = try await Self.rush(client, .endpoint(server.endpoint), tasks: 16, requests: 8)
                #expect(unended == 0)
            }
        }
    }

    @Test("nor over several replicas of which some are away and some are silent")
    func replicas() async throws {
        try await RawServer.with(Self.script) { server in
            try await RawServer.with { connection, _ in
                await connection.drain()
            } _: { silent in
                let directory = ReplicaDirectory(
                    "test", at: [server.endpoint, silent.endpoint, Endpoint(host: "127.0.0.1", port: 1)])
                var limits = HTTPClient.Limits()
                limits.connectionsPerEndpointMax = 4
                try await withClient(limits) { client in
                    let unended = try await Self.rush(client, .service(directory), tasks: 16, requests: 8)
                    #expect(unended == 0)
                }
            }
        }
    }

    @Test("nor when connecting itself takes for ever")
    func connecting() async throws {
        // A listener whose backlog is full takes no further connection and refuses none.
        let listener = try FullListener()
        defer { listener.close() }
        try await withClient { client in
            let destination = HTTPClient.Destination.endpoint(Endpoint(host: "127.0.0.1", port: listener.port))
            let unended = try await Self.rush(client, destination, tasks: 8, requests: 4)
            #expect(unended == 0)
        }
    }

    /// Sends requests from many tasks, gives some of them up, and returns how many had not ended long after their time.
    private static func rush(
        _ client: HTTPClient, _ destination: HTTPClient.Destination, tasks: Int, requests: Int
    ) async throws -> Int {
        let under = UnderWay()
        let watch = Task {
            // Looks all the time, so that one hung request is seen although all others go on.
            while !Task.isCancelled {
                let late = under.count(olderThan: requestTime + tolerance)
                if late > 0 { return late }
                try? await Task.sleep(for: .milliseconds(20))
            }
            return 0
        }
        let crowd = Task {
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<tasks {
                    group.addTask { await visit(client, destination, task, requests, under) }
                }
            }
            watch.cancel()
        }
        let late = await watch.value
        crowd.cancel()
        if late == 0 { await crowd.value }
        return late
    }

    private static func visit(
        _ client: HTTPClient, _ destination: HTTPClient.Destination, _ task: Int, _ requests: Int,
        _ under: UnderWay
    ) async {
        for number in 0..<requests {
            let body = number % 3 == 0 ? ByteBuffer(repeating: 0x61, count: largeBytes) : nil
            let request = ClientRequest(method: number % 2 == 0 ? "POST" : "GET", target: "/\(number)", body: body)
            under.begin(task)
            let sending = Task {
                // Its end is what counts, not how it ended.
                _ = try? await client.send(request, to: destination, deadline: .after(requestTime))
            }
            if (task + number) % 7 == 0 { sending.cancel() }
            await sending.value
            under.end(task)
        }
    }

    /// When each task began the request that it waits for.
    private final class UnderWay: Sendable {
        private let began = Mutex<[Int: ContinuousClock.Instant]>([:])

        func begin(_ task: Int) { began.withLock { $0[task] = .now } }

        func end(_ task: Int) { began.withLock { $0[task] = nil } }

        func count(olderThan age: Duration) -> Int {
            began.withLock { $0.values.count { $0.duration(to: .now) > age } }
        }
    }
}
