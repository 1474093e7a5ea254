import HTTPKit
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import gateway

@Suite("Streaming", .timeLimit(.minutes(1)))
struct StreamingTests {
    private let stream = "GET /api/events/1/availability/stream HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("each event reaches the client before the next is written, for longer than any request may take")
    func events() async throws {
        var limits = GatewayLimits()
        limits.requestTimeout = .seconds(1)
        try await TestGateway.with(limits: limits) { connection, _ in
            _ = try await connection.readHead()
            try await connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true {
                let next = try await connection.read(0)
                try await connection.write("9\r\ndata: x\(next)\n\n\r\n")
                try await Task.sleep(for: .milliseconds(300))
            }
        } _: { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write(stream)
                #expect(try await client.readHead().hasPrefix("HTTP/1.1 200 OK\r\n"))
                for _ in 0..<6 { #expect(try await client.read(through: "\n\n\r\n") == "9\r\ndata: x\n\n\r\n") }
            }
        }
    }

    @Test("a stream that its client leaves is ended at the service")
    func leaving() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n")
            await connection.drain()
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write(stream)
                _ = try await client.read(through: "data: 1")
                #expect(server.openCount == 1)
            }
            try await eventually { server.openCount == 0 }
        }
    }

    @Test("a client that does not read stops the service from writing, and nothing is lost")
    func slowReader() async throws {
        let piece = String(repeating: "p", count: 65_536)
        let total = 64 * 1_048_576
        let count = Counter()
        try await TestGateway.with { connection, _ in
            _ = try await connection.readRequest()
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            for _ in 0..<(total / piece.utf8.count) {
                try await connection.write(piece)
                count.add(piece.utf8.count)
            }
            await connection.drain()
        } _: { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await client.readHead()
                try await count.settles()
                #expect(count.value < total)
                let body = try await client.read(total)
                #expect(body.utf8.count == total)
                #expect(count.value == total)
            }
        }
    }

    @Test("a service that does not read stops the client from sending")
    func slowService() async throws {
        var limits = GatewayLimits()
        limits.bodyBytesMax = 256 * 1_048_576
        let total = 64 * 1_048_576
        let release = Counter()
        try await TestGateway.with(limits: limits) { connection, _ in
            _ = try await connection.readHead()
            try await eventually { release.value > 0 }
            _ = try await connection.read(total)
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        } _: { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: \(total)\r\n\r\n")
                let sent = Counter()
                let piece = ByteBuffer(repeating: UInt8(ascii: "p"), count: 65_536)
                async let sentWhileHeldUp = {
                    try await sent.settles()
                    defer { release.add(1) }
                    return sent.value
                }()
                for _ in 0..<(total / 65_536) {
                    try await client.write(piece)
                    sent.add(65_536)
                }
                let held = try await sentWhileHeldUp
                #expect(held < total)
                #expect(try await client.readHead().hasPrefix("HTTP/1.1 204 "))
            }
        }
    }
}

/// A number that several tasks share.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func add(_ amount: Int) {
        number.withLock { $0 += amount }
    }

    /// Waits until the number has not changed for a while.
    func settles() async throws {
        var last = -1
        try await eventually("the number settles") {
            let now = value
            defer { last = now }
            try await Task.sleep(for: .milliseconds(150))
            return now > 0 && now == last
        }
    }
}
