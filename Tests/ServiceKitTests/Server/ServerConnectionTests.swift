import Foundation
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

/// What goes over a server's connection, byte by byte.
@Suite struct ServerConnectionTests {
    private final class Stage: Sendable {
        let port = Mutex(0)
        let endedStreams = Mutex(0)

        var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: port.withLock { $0 }) }

        /// All bytes that the server answers to `text` until it closes.
        func exchange(_ text: String) async throws -> String {
            try await RawClient.exchange(text, with: endpoint)
        }
    }

    private func withServer(_ body: (Stage, ServiceGroup) async throws -> Void) async throws {
        let stage = Stage()
        let harness = try ResponderHarness(settings: ["BODY_BYTES_MAX": "1024"]) { Self.addRoutes($0, stage) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = HTTPServer(
            harness.responder, host: "127.0.0.1", port: 0, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { port in stage.port.withLock { $0 = port } }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        async let running: Void = group.run()
        try await eventually(within: .seconds(10), "listening") { stage.port.withLock { $0 } != 0 }
        try await body(stage, group)
        await group.triggerGracefulShutdown()
        try await running
    }

    private static func addRoutes(_ router: Router<ServiceContext>, _ stage: Stage) {
        router.post("/echo") { request, context in
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            return Response(status: .ok, body: ResponseBody(byteBuffer: body))
        }
        router.get("/nothing") { _, _ in Response(status: .noContent) }
        router.get("/large") { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 120, count: 200_000)))
        }
        router.get("/pieces") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for piece in ["one", "", "two"] { try await writer.write(ByteBuffer(string: piece)) }
                    try await writer.finish(nil)
                })
        }
        router.get("/broken") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "one"))
                    throw CancellationError()
                })
        }
        router.get("/endless") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    defer { stage.endedStreams.withLock { $0 += 1 } }
                    try await writer.write(ByteBuffer(string: "begun"))
                    while true { try await Task.sleep(for: .seconds(60)) }
                })
        }
    }

    private static func get(_ path: String, _ rest: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\(rest)\r\n"
    }

    @Test func `requests sent ahead are answered one after the other`() async throws {
        try await withServer { stage, _ in
            let posts = (1...50).map { number in
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \("\(number)".utf8.count)\r\n\r\n\(number)"
            }
            let reply = try await stage.exchange(posts.joined() + Self.get("/nothing", "Connection: close\r\n"))
            var rest = reply[...]
            for number in 1...50 {
                let end = try #require(rest.firstRange(of: "\r\n\r\n\(number)HTTP/1.1 "))
                rest = rest[end.upperBound...]
            }
            #expect(rest.hasPrefix("204 No Content\r\n"))
        }
    }

    @Test func `a body in chunks, in bytes of their own, arrives whole`() async throws {
        try await withServer { stage, _ in
            try await RawClient.with(stage.endpoint) { connection in
                let request =
                    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                for byte in request.utf8 { try await connection.write(ByteBuffer(integer: byte)) }
                #expect(try await connection.readHead().contains("content-length: 5\r\n"))
                #expect(try await connection.read(5) == "abcde")
            }
        }
    }

    @Test func `who asks whether to go on is told so`() async throws {
        try await withServer { stage, _ in
            try await RawClient.with(stage.endpoint) { connection in
                try await connection.write(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                #expect(try await connection.readHead() == "HTTP/1.1 100 Continue\r\n\r\n")
                try await connection.write("ok")
                #expect(try await connection.readHead().hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(try await connection.read(2) == "ok")
            }
        }
    }

    @Test(arguments: [
        "Content-Length: 5000000\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n7d0\r\n\(String(repeating: "x", count: 2000))\r\n",
    ])
    func `a body that is too large is refused before it has come, and the connection ends`(rest: String) async throws {
        try await withServer { stage, _ in
            let reply = try await stage.exchange("POST /echo HTTP/1.1\r\nHost: x\r\n" + rest)
            #expect(reply.hasPrefix("HTTP/1.1 413 "))
            #expect(reply.contains("connection: close\r\n"))
        }
    }

    @Test func `a body of unknown length comes in chunks, to an old client until the end`() async throws {
        try await withServer { stage, _ in
            let reply = try await stage.exchange(Self.get("/pieces") + Self.get("/nothing", "Connection: close\r\n"))
            #expect(reply.contains("transfer-encoding: chunked\r\n"))
            #expect(reply.contains("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\nHTTP/1.1 204"))
            let old = try await stage.exchange("GET /pieces HTTP/1.0\r\n\r\n")
            #expect(old.hasSuffix("\r\n\r\nonetwo"))
            #expect(!old.contains("chunked"))
        }
    }

    @Test func `a body that breaks off does not look whole`() async throws {
        try await withServer { stage, _ in
            let reply = try await stage.exchange(Self.get("/broken"))
            #expect(reply.hasSuffix("3\r\none\r\n"))
        }
    }

    @Test func `a long body arrives whole, and a HEAD gets its length alone`() async throws {
        try await withServer { stage, _ in
            let reply = try await stage.exchange(Self.get("/large", "Connection: close\r\n"))
            #expect(reply.utf8.count > 200_000)
            #expect(reply.hasSuffix("xxxx"))
            let head = try await stage.exchange("HEAD /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(head.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `what is not HTTP is told so and cut off`() async throws {
        try await withServer { stage, _ in
            for text in [
                "nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                Self.get("/", "Content-Length: 1\r\nContent-Length: 1\r\n"),
            ] {
                let reply = try await stage.exchange(text)
                #expect(reply.hasPrefix("HTTP/1.1 400 "))
                #expect(reply.contains("malformed-request"))
            }
        }
    }

    @Test func `a stream ends when its client leaves`() async throws {
        try await withServer { stage, _ in
            try await RawClient.with(stage.endpoint) { connection in
                try await connection.write(Self.get("/endless"))
                _ = try await connection.read(through: "begun")
            }
            try await eventually(within: .seconds(20)) { stage.endedStreams.withLock { $0 } == 1 }
        }
    }

    @Test func `a stream ends well when the server stops`() async throws {
        try await withServer { stage, group in
            try await RawClient.with(stage.endpoint) { connection in
                try await connection.write(Self.get("/endless"))
                _ = try await connection.read(through: "begun\r\n")
                await group.triggerGracefulShutdown()
                #expect(await connection.readToEnd() == "0\r\n\r\n")
            }
        }
    }
}
