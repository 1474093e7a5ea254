import Logging
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import HTTPKit

/// Runs `body` with a client on two event loops of its own.
func withClient<Result: Sendable>(
    _ limits: HTTPClient.Limits = .init(), loops: Int = 1, _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    let client = HTTPClient(eventLoopGroup: group, limits: limits, logger: Logger(label: "test"))
    do {
        let result = try await body(client)
        await client.shutdown()
        try await group.shutdownGracefully()
        return result
    } catch {
        await client.shutdown()
        try await group.shutdownGracefully()
        throw error
    }
}

let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
let soon = Duration.seconds(10)

extension HTTPClient {
    func get(_ target: String = "/", _ server: RawServer, within: Duration = soon) async throws -> ClientResponse {
        try await send(ClientRequest(method: "GET", target: target), to: server.endpoint, deadline: .after(within))
    }

    func post(_ body: ByteBuffer, _ server: RawServer, within: Duration = soon) async throws -> ClientResponse {
        let request = ClientRequest(method: "POST", target: "/", body: body)
        return try await send(request, to: server.endpoint, deadline: .after(within))
    }
}

extension HTTPClient {
    /// Expects 200 for a GET.
    func expectOK(_ server: RawServer, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let response = try await get("/", server)
        #expect(response.status == 200, sourceLocation: sourceLocation)
    }

    /// Expects that body for a GET.
    func expectBody(
        _ body: String, _ target: String, _ server: RawServer, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await get(target, server)
        #expect(String(buffer: response.body) == body, sourceLocation: sourceLocation)
    }
}

/// The error that `body` throws.
func failure(_ body: () async throws -> ClientResponse) async -> HTTPClientError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? HTTPClientError
    }
}

/// Answers every request on the connection.
func answering(_ response: String) -> RawServer.Script {
    { connection, _ in
        while true {
            _ = try await connection.readHead()
            try await connection.write(response)
        }
    }
}

@Suite("The client", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    @Test("a request arrives as it was meant, and its response comes back whole")
    func roundTrip() async throws {
        try await RawServer.with { connection, _ in
            let head = try await connection.readHead()
            let body = try await connection.read(5)
            let reply = "\(head)\(body)"
            try await connection.write(
                "HTTP/1.1 201 Created\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: \(reply.utf8.count)\r\n\r\n\(reply)")
        } _: { server in
            try await withClient { client in
                let request = ClientRequest(
                    method: "POST", target: "/p?q=1", headers: ["X-B": "3"], body: ByteBuffer(string: "hello"))
                let response = try await client.send(request, to: server.endpoint, deadline: .after(soon))
                #expect(response.status == 201)
                #expect(response.headers.all("x-a") == ["1", "2"])
                let echo = String(buffer: response.body)
                #expect(echo.hasPrefix("POST /p?q=1 HTTP/1.1\r\nHost: \(server.endpoint.authority)\r\nX-B: 3\r\n"))
                #expect(echo.contains("\r\nRequest-Deadline-Ms: "))
                #expect(echo.hasSuffix("\r\nContent-Length: 5\r\n\r\nhello"))
            }
        }
    }

    @Test("one connection serves one request after another")
    func keepAlive() async throws {
        try await RawServer.with(answering(ok)) { server in
            try await withClient { client in
                for _ in 0..<20 { try await client.expectOK(server) }
            }
            #expect(server.acceptedCount == 1)
        }
    }

    @Test("64 tasks with 1,000 requests each get their own responses over few connections")
    func pairing() async throws {
        try await RawServer.with { connection, _ in
            while true {
                let head = try await connection.readHead()
                let target = head.split(separator: " ")[1]
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
            }
        } _: { server in
            var limits = HTTPClient.Limits()
            limits.connectionsPerEndpointMax = 16
            try await withClient(limits, loops: 2) { client in
                let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
                    for task in 0..<64 {
                        group.addTask {
                            var wrong = 0
                            for number in 0..<1_000 {
                                let response = try await client.get("/\(task)/\(number)", server, within: .seconds(50))
                                if String(buffer: response.body) != "/\(task)/\(number)" { wrong += 1 }
                            }
                            return wrong
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(wrong == 0)
                #expect(server.acceptedCount <= 16)
            }
        }
    }

    @Test("a chunked, an endless and an empty response are read by their own rules")
    func framings() async throws {
        let responses = [
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"),
            ("HTTP/1.1 200 OK\r\n\r\nto the end", "to the end"),
            ("HTTP/1.1 204 No Content\r\n\r\n", ""),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n\(ok)", "ok"),
        ]
        for (response, body) in responses {
            try await RawServer.with { connection, _ in
                _ = try await connection.readHead()
                try await connection.write(response)
            } _: { server in
                try await withClient { client in
                    try await client.expectBody(body, "/", server)
                }
            }
        }
    }

    @Test("the response to a HEAD leaves the connection in step")
    func headRequests() async throws {
        try await RawServer.with(answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")) { server in
            try await withClient { client in
                for _ in 0..<3 {
                    let request = ClientRequest(method: "HEAD", target: "/")
                    let response = try await client.send(request, to: server.endpoint, deadline: .after(soon))
                    #expect(response.body.readableBytes == 0)
                }
            }
            #expect(server.acceptedCount == 1)
        }
    }

    @Test("a body of megabytes goes up and comes down unchanged")
    func largeBodies() async throws {
        let size = 4 * 1_024 * 1_024
        try await RawServer.with { connection, _ in
            _ = try await connection.readHead()
            let body = try await connection.read(size)
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            try await connection.write(body)
        } _: { server in
            try await withClient { client in
                let body = ByteBuffer(string: String(repeating: "0123456789abcdef", count: size / 16))
                let echo = try await client.post(body, server).body
                #expect(echo == body)
            }
        }
    }

    @Test(
        "a request that cannot be written is refused before anything is sent",
        arguments: [
            ClientRequest(method: "GE T", target: "/"), ClientRequest(method: "", target: "/"),
            ClientRequest(method: "GET", target: "/a b"), ClientRequest(method: "GET", target: "/\r\nX: 1"),
            ClientRequest(method: "GET", target: "http://a/"), ClientRequest(method: "GET", target: ""),
            ClientRequest(method: "GET", target: "/", headers: ["X": "1\r\nY: 2"]),
            ClientRequest(method: "GET", target: "/", headers: ["Content-Length": "1"]),
            ClientRequest(method: "GET", target: "/", headers: ["transfer-encoding": "chunked"]),
            ClientRequest(method: "GET", target: "/", headers: ["Host": "b"]),
        ])
    func invalidRequests(_ request: ClientRequest) async throws {
        try await withClient { client in
            let nowhere = Endpoint(host: "127.0.0.1", port: 1)
            let error = await failure {
                try await client.send(request, to: nowhere, deadline: .after(soon))
            }
            #expect(error?.code == .invalidRequest)
            #expect(error?.mayHaveBeenProcessed == false)
        }
    }

    @Test("nothing listens there: connectFailed, and nothing can have been processed")
    func unreachable() async throws {
        // A port below 1024 is never given to another test's server, as one that was just free may be.
        let endpoint = Endpoint(host: "127.0.0.1", port: 1)
        try await withClient { client in
            let error = await failure {
                try await client.send(
                    ClientRequest(method: "GET", target: "/"), to: endpoint, deadline: .after(soon))
            }
            #expect(error?.code == .connectFailed)
            #expect(error?.mayHaveBeenProcessed == false)
        }
    }
}
