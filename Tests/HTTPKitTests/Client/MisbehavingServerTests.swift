import NIOCore
import TestSupport
import Testing

@testable import HTTPKit

@Suite("The client and servers that misbehave", .timeLimit(.minutes(1)))
struct MisbehavingServerTests {
    private static func sending(_ text: String) -> RawServer.Script {
        { connection, _ in
            _ = try await connection.readHead()
            try await connection.write(text)
        }
    }

    @Test(
        "a response that ends early is connectionClosed",
        arguments: [
            "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        ])
    func closesEarly(_ text: String) async throws {
        try await RawServer.with(Self.sending(text)) { server in
            try await withClient { client in
                let error = await failure { try await client.get("/", server) }
                #expect(error?.code == .connectionClosed)
                #expect(error?.mayHaveBeenProcessed == true)
            }
        }
    }

    @Test(
        "what is not HTTP/1.1 is malformedResponse, and the connection is not used again",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nX: \(String(repeating: "h", count: 20_000))\r\n\r\n",
        ])
    func garbage(_ text: String) async throws {
        try await RawServer.with { connection, number in
            _ = try await connection.readHead()
            try await connection.write(number == 0 ? text : ok)
            await connection.drain()
        } _: { server in
            try await withClient { client in
                let error = await failure { try await client.get("/", server) }
                #expect(error?.code == .malformedResponse)
                try await client.expectOK(server)
                #expect(server.acceptedCount == 2)
            }
        }
    }

    @Test("bytes after the response spoil the connection, not the response")
    func excessBytes() async throws {
        try await RawServer.with { connection, _ in
            while true {
                _ = try await connection.readHead()
                try await connection.write("\(ok)HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            }
        } _: { server in
            try await withClient { client in
                for _ in 0..<3 { try await client.expectBody("ok", "/", server) }
            }
            #expect(server.acceptedCount == 3)
        }
    }

    @Test("a server that never answers, or trickles, meets the deadline", arguments: ["", "HTTP/1.1 200 OK\r\nX: "])
    func tooSlow(_ start: String) async throws {
        try await RawServer.with { connection, number in
            _ = try await connection.readHead()
            guard number == 0 else { return try await connection.write(ok) }
            try await connection.write(start)
            while !start.isEmpty {
                try await connection.write("x")
                try await Task.sleep(for: .milliseconds(10))
            }
            await connection.drain()
        } _: { server in
            try await withClient { client in
                let begin = ContinuousClock.now
                let error = await failure {
                    try await client.get("/", server, within: .milliseconds(200))
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.mayHaveBeenProcessed == true)
                #expect(begin.duration(to: .now) < .seconds(5))
                try await client.expectOK(server)
                #expect(server.acceptedCount == 2)
            }
        }
    }

    @Test("a trickled response within the deadline is whole")
    func trickle() async throws {
        try await RawServer.with { connection, _ in
            _ = try await connection.readHead()
            for byte in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" {
                try await connection.write(String(byte))
            }
            await connection.drain()
        } _: { server in
            try await withClient { client in
                try await client.expectBody("hello", "/", server)
            }
        }
    }

    @Test("no time left means no request is sent")
    func passedDeadline() async throws {
        try await RawServer.with(answering(ok)) { server in
            try await withClient { client in
                let error = await failure {
                    try await client.get("/", server, within: .zero)
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.mayHaveBeenProcessed == false)
                #expect(server.acceptedCount == 0)
            }
        }
    }

    @Test("a response past the limit is refused, announced or not", arguments: [true, false])
    func tooLarge(_ announced: Bool) async throws {
        let head = announced ? "Content-Length: 100000" : "Connection: close"
        try await RawServer.with(
            Self.sending("HTTP/1.1 200 OK\r\n\(head)\r\n\r\n\(String(repeating: "x", count: 100_000))")
        ) { server in
            var limits = HTTPClient.Limits()
            limits.responseBodyBytesMax = 50_000
            try await withClient(limits) { client in
                let error = await failure { try await client.get("/", server) }
                #expect(error?.code == .responseTooLarge)
            }
        }
    }

    /// Answers the first request of each connection and closes at the second, as a server does whose patience ended.
    private static let closingAtSecond: RawServer.Script = { connection, _ in
        _ = try await connection.readHead()
        try await connection.write(ok)
        _ = try await connection.readHead()
    }

    @Test("a stale connection is replaced once, unseen, for a request that may be repeated")
    func staleGet() async throws {
        try await RawServer.with(Self.closingAtSecond) { server in
            try await withClient { client in
                try await client.expectOK(server)
                try await client.expectOK(server)
                #expect(server.acceptedCount == 2)
            }
        }
    }

    @Test("a POST on a stale connection is never repeated")
    func stalePost() async throws {
        try await RawServer.with(Self.closingAtSecond) { server in
            try await withClient { client in
                try await client.expectOK(server)
                let error = await failure {
                    try await client.post(ByteBuffer(string: "x"), server)
                }
                #expect(error?.code == .connectionClosed)
                #expect(error?.mayHaveBeenProcessed == true)
                #expect(server.acceptedCount == 1)
            }
        }
    }

    @Test("a GET whose fresh connection closes is sent once more, and no more; a POST is not")
    func freshClose() async throws {
        try await RawServer.with(Self.sending("")) { server in
            try await withClient { client in
                let get = await failure { try await client.get("/", server) }
                #expect(get?.code == .connectionClosed)
                #expect(server.acceptedCount == 2)
                let post = await failure { try await client.post(ByteBuffer(string: "x"), server) }
                #expect(post?.code == .connectionClosed)
                #expect(server.acceptedCount == 3)
            }
        }
    }

    @Test("a connection closed while it lies idle is forgotten")
    func closedWhileIdle() async throws {
        try await RawServer.with { connection, _ in
            _ = try await connection.readHead()
            try await connection.write(ok)
        } _: { server in
            try await withClient { client in
                for expected in 1...3 {
                    try await client.expectOK(server)
                    #expect(server.acceptedCount == expected)
                    try await eventually { server.openCount == 0 }
                }
            }
        }
    }

    @Test("bytes nobody asked for close an idle connection")
    func unsolicited() async throws {
        try await RawServer.with { connection, number in
            _ = try await connection.readHead()
            try await connection.write(ok)
            if number == 0 { try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil") }
            await connection.drain()
        } _: { server in
            try await withClient { client in
                try await client.expectOK(server)
                try await eventually { server.openCount == 0 }
                try await client.expectBody("ok", "/", server)
            }
        }
    }

    @Test("a response before the body is sent is taken, and the connection is left")
    func earlyResponse() async throws {
        try await RawServer.with { connection, _ in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await connection.drain()
        } _: { server in
            try await withClient { client in
                let response = try await client.post(ByteBuffer(repeating: 0, count: 8_000_000), server)
                #expect(response.status == 413)
                try await eventually { server.openCount == 0 }
            }
        }
    }
}
