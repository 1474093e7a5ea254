import NIOCore
import TestSupport
import Testing

@testable import HTTPKit

@Suite("The client's limits and cancellation", .timeLimit(.minutes(1)))
struct ClientLimitsTests {
    private static let silent: RawServer.Script = { connection, _ in await connection.drain() }

    private static func limits(connections: Int, waiters: Int) -> HTTPClient.Limits {
        var limits = HTTPClient.Limits()
        limits.connectionsPerEndpointMax = connections
        limits.waitersMax = waiters
        return limits
    }

    @Test("past connections and waiters a request is refused at once")
    func overload() async throws {
        try await RawServer.with(Self.silent) { server in
            try await withClient(Self.limits(connections: 2, waiters: 3)) { client in
                // Nobody's deadline comes while the test lasts, so that the counts are exact on any machine.
                @Sendable func code() async -> HTTPClientError.Code? {
                    await failure { try await client.get("/", server, within: .seconds(60)) }?.code
                }
                let codes = await withTaskGroup(of: HTTPClientError.Code?.self) { group in
                    for _ in 0..<2 { group.addTask { await code() } }
                    // Two connections are busy before the waiters come.
                    try? await eventually { server.acceptedCount == 2 }
                    for _ in 0..<8 { group.addTask { await code() } }
                    var codes: [HTTPClientError.Code?] = []
                    for await code in group {
                        codes.append(code)
                        if codes.count == 5 { group.cancelAll() }
                    }
                    return codes
                }
                #expect(codes.prefix(5).allSatisfy { $0 == .overloaded })
                #expect(Array(codes.dropFirst(5)) == Array(repeating: .cancelled, count: 5))
                #expect(server.acceptedCount <= 5)
            }
        }
    }

    @Test("a waiter's deadline holds while it waits, and nothing of it was sent")
    func waiterDeadline() async throws {
        try await RawServer.with(Self.silent) { server in
            try await withClient(Self.limits(connections: 1, waiters: 8)) { client in
                async let blocker = failure {
                    try await client.get("/", server, within: .seconds(1))
                }
                try await eventually { server.acceptedCount == 1 }
                let error = await failure {
                    try await client.get("/", server, within: .milliseconds(100))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.mayHaveBeenProcessed == false)
                #expect(server.acceptedCount == 1)
                _ = await blocker
            }
        }
    }

    @Test("cancelling ends the request at once and leaves no broken connection behind")
    func cancellation() async throws {
        try await RawServer.with { connection, _ in
            while true {
                let head = try await connection.readHead()
                if head.hasPrefix("GET /slow") { await connection.drain() }
                try await connection.write(ok)
            }
        } _: { server in
            try await withClient(Self.limits(connections: 4, waiters: 64)) { client in
                for _ in 0..<20 {
                    let accepted = server.acceptedCount
                    let task = Task {
                        await failure { try await client.get("/slow", server) }
                    }
                    try await eventually { server.acceptedCount > accepted || server.openCount > 0 }
                    task.cancel()
                    #expect(await task.value?.code == .cancelled)
                    try await client.expectBody("ok", "/", server)
                }
            }
        }
    }

    @Test("cancelling a crowd at any moment never mixes up the responses of the others")
    func cancelledCrowd() async throws {
        try await RawServer.with { connection, _ in
            while true {
                let target = try await connection.readHead().split(separator: " ")[1]
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
            }
        } _: { server in
            try await withClient(Self.limits(connections: 4, waiters: 4_096), loops: 2) { client in
                let wrong = await withTaskGroup(of: Int.self) { group in
                    for number in 0..<2_000 {
                        group.addTask {
                            let task = Task {
                                let response = try await client.get("/\(number)", server)
                                return String(buffer: response.body) == "/\(number)" ? 0 : 1
                            }
                            if number % 3 == 0 {
                                await Task.yield()
                                task.cancel()
                            }
                            return (try? await task.value) ?? 0
                        }
                    }
                    return await group.reduce(0, +)
                }
                #expect(wrong == 0)
                try await client.expectBody("/end", "/end", server)
            }
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        try await RawServer.with(answering(ok)) { server in
            try await withClient { client in
                let task = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return await failure { try await client.get("/", server) }
                }
                task.cancel()
                #expect(await task.value?.code == .cancelled)
            }
        }
    }

    @Test("idle connections past their time are closed and not used")
    func idleTimeout() async throws {
        try await RawServer.with(answering(ok)) { server in
            var limits = HTTPClient.Limits()
            limits.idleTimeout = .milliseconds(50)
            try await withClient(limits) { client in
                try await client.expectOK(server)
                try await eventually { server.openCount == 0 }
                try await client.expectOK(server)
                #expect(server.acceptedCount <= 5)
            }
        }
    }

    @Test("shutting down ends what is under way and refuses what comes")
    func shutdown() async throws {
        try await RawServer.with(Self.silent) { server in
            try await withClient { client in
                async let pending = failure { try await client.get("/", server) }
                try await eventually { server.acceptedCount == 1 }
                await client.shutdown()
                #expect(await pending?.code == .connectionClosed)
                let late = await failure { try await client.get("/", server) }
                #expect(late?.code == .connectFailed)
                try await eventually { server.openCount == 0 }
            }
        }
    }
}
