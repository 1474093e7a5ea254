import Contracts
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import ServiceKit
import TestSupport
import Testing

@testable import gateway

/// A gateway in this process, in front of servers whose every byte a test decides.
struct TestGateway: Sendable {
    let endpoint: Endpoint
    let metrics: PrometheusRegistry

    /// Made once: the same for every gateway.
    private static let documents = Result { try PublicDocuments() }

    /// Sends `text` on a connection of its own and returns all bytes until the gateway closes.
    func exchange(_ text: String) async throws -> String {
        try await RawClient.exchange(text, with: endpoint)
    }

    /// The response to one request, whose connection closes after it.
    func response(_ requestLine: String, _ fields: [String] = [], body: String = "") async throws -> RawResponse {
        var text = "\(requestLine) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        for field in fields { text += "\(field)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return try RawResponse(try await exchange("\(text)\r\n\(body)"))
    }

    /// Expects that status for one request.
    func expectStatus(
        _ status: Int, _ requestLine: String, body: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await response(requestLine, body: body)
        #expect(response.status == status, sourceLocation: sourceLocation)
    }

    /// Runs `body` with a gateway in front of services that all run `script`.
    static func with<Result: Sendable>(
        limits: GatewayLimits = GatewayLimits(), _ script: @escaping RawServer.Script,
        _ body: (TestGateway, RawServer) async throws -> Result
    ) async throws -> Result {
        try await RawServer.with(script) { server in
            var endpoints: [ServiceName: [Endpoint]] = [:]
            for service in ServiceName.allCases where service != .gateway { endpoints[service] = [server.endpoint] }
            return try await with(limits: limits, endpoints: endpoints) { gateway in
                try await body(gateway, server)
            }
        }
    }

    /// Runs `body` with a gateway in front of `endpoints`, which asks them for their health only when a client does.
    static func with<Result: Sendable>(
        limits: GatewayLimits = GatewayLimits(), endpoints: [ServiceName: [Endpoint]],
        probe: (any ReplicaProbe)? = nil, _ body: (TestGateway) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let logger = Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }
        let client = HTTPClient(eventLoopGroup: group, logger: logger)
        let registry = PrometheusRegistry()
        var directories: [ServiceName: ReplicaDirectory] = [:]
        for (service, places) in endpoints { directories[service] = ReplicaDirectory(service.rawValue, at: places) }
        let monitor = ReplicaMonitor(
            probe: probe ?? HTTPReplicaProbe(client: client), probeInterval: .seconds(1), resolveInterval: .seconds(5),
            logger: logger)
        let health = ServiceHealth(directories, monitor: monitor)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            address: Endpoint(host: "127.0.0.1", port: 0), limits: limits, directories: directories, health: health,
            documents: try documents.get(), metrics: GatewayMetrics(registry), eventLoopGroup: group, logger: logger,
            onListening: { continuation.yield($0) })
        let running = Task { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next() ?? 0
        func end() async throws {
            running.cancel()
            try await running.value
            await client.shutdown()
            try await group.shutdownGracefully()
        }
        do {
            let result = try await body(
                TestGateway(endpoint: Endpoint(host: "127.0.0.1", port: port), metrics: registry))
            try await end()
            return result
        } catch {
            try await end()
            throw error
        }
    }
}

/// A response as text.
struct RawResponse: Sendable {
    let status: Int
    let head: String
    let fields: HeaderFields
    let body: String

    /// Text without the end of a head.
    struct Incomplete: Error {
        let text: String
    }

    init(_ text: String) throws {
        guard let range = text.firstRange(of: "\r\n\r\n") else { throw Incomplete(text: text) }
        head = String(text[..<range.upperBound])
        body = String(text[range.upperBound...])
        let parsed = try ResponseHead(parsing: ByteBuffer(string: head))
        status = parsed.status
        fields = parsed.fields
    }

    /// The `code` of a problem document.
    var code: String? {
        try? WireJSON.decode(ProblemDocument.self, from: ByteBuffer(string: body)).code
    }
}

extension RawConnection {
    /// The next request with a body of its Content-Length.
    func readRequest() async throws -> (head: String, body: String) {
        let head = try await readHead()
        let parsed = try RequestHead(parsing: ByteBuffer(string: head))
        let length = parsed.fields.first("content-length").flatMap { Int($0) } ?? 0
        return (head, try await read(length))
    }

    /// The next response with a body of its Content-Length.
    func readResponse(isHead: Bool = false) async throws -> RawResponse {
        let head = try await readHead()
        let parsed = try ResponseHead(parsing: ByteBuffer(string: head))
        let length = isHead ? 0 : parsed.fields.first("content-length").flatMap { Int($0) } ?? 0
        return try RawResponse(head + (try await read(length)))
    }
}

/// Answers every request with itself: the response's body is the request as it arrived.
let echo: RawServer.Script = { connection, _ in
    while true {
        let (head, body) = try await connection.readRequest()
        let text = head + body
        let visible = head.hasPrefix("HEAD ") ? "" : text
        try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(visible)")
    }
}

/// Answers every request with `response`.
func answering(_ response: String) -> RawServer.Script {
    { connection, _ in
        while true {
            _ = try await connection.readRequest()
            try await connection.write(response)
        }
    }
}
