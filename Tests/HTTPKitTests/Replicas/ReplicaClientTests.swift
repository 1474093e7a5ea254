import NIOCore
import TestSupport
import Testing

@testable import HTTPKit

@Suite("The client and several replicas", .timeLimit(.minutes(1)))
struct ReplicaClientTests {
    // A port below 1024 is never given to another test's server, as one that was just free may be.
    private static let nowhere = Endpoint(host: "127.0.0.1", port: 1)
    private static let elsewhere = Endpoint(host: "127.0.0.1", port: 2)

    /// Answers every request with its own name.
    private static func named(_ name: String) -> RawServer.Script {
        { connection, _ in
            while true {
                _ = try await connection.readHead()
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
            }
        }
    }

    /// Expects that a request is answered by that one.
    private func expect(
        _ name: String, _ client: HTTPClient, _ directory: ReplicaDirectory, _ method: String = "GET",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let body = try await send(client, directory, method)
        #expect(body == name, sourceLocation: sourceLocation)
    }

    private func send(
        _ client: HTTPClient, _ directory: ReplicaDirectory, _ method: String = "GET"
    ) async throws -> String {
        let request = ClientRequest(method: method, target: "/")
        return String(buffer: try await client.send(request, to: directory, deadline: .after(soon)).body)
    }

    @Test("requests go to all replicas")
    func spread() async throws {
        try await RawServer.with(Self.named("a")) { first in
            try await RawServer.with(Self.named("b")) { second in
                let directory = ReplicaDirectory("test", at: [first.endpoint, second.endpoint])
                try await withClient { client in
                    var served: [String: Int] = [:]
                    for _ in 0..<20 { served[try await send(client, directory), default: 0] += 1 }
                    #expect(served == ["a": 10, "b": 10])
                }
            }
        }
    }

    @Test("a request that finds nobody goes to the next replica, whatever its method", arguments: ["GET", "POST"])
    func failover(_ method: String) async throws {
        try await RawServer.with(Self.named("a")) { server in
            let directory = ReplicaDirectory("test", at: [Self.nowhere, Self.elsewhere, server.endpoint])
            try await withClient { client in
                for _ in 0..<20 { try await expect("a", client, directory, method) }
            }
        }
    }

    @Test("a GET whose connection breaks goes to another replica; a POST is not sent again")
    func broken() async throws {
        try await RawServer.with(Self.named("a")) { good in
            try await RawServer.with { connection, _ in
                _ = try await connection.readHead()
            } _: { bad in
                try await withClient { client in
                    let directory = ReplicaDirectory("test", at: [bad.endpoint, good.endpoint])
                    for _ in 0..<10 { try await expect("a", client, directory) }
                    let posts = ReplicaDirectory("test", at: [bad.endpoint])
                    let before = bad.acceptedCount
                    await #expect(throws: HTTPClientError.self) { try await send(client, posts, "POST") }
                    #expect(bad.acceptedCount == before + 1)
                }
            }
        }
    }

    @Test("one that is not ready gets no new request, and gets them again once it is")
    func notReady() async throws {
        try await RawServer.with(Self.named("a")) { first in
            try await RawServer.with(Self.named("b")) { second in
                let directory = ReplicaDirectory("test", at: [first.endpoint, second.endpoint])
                try await withClient { client in
                    directory.learned(ReplicaReport(first.endpoint, .notReady))
                    for _ in 0..<10 { try await expect("b", client, directory) }
                    #expect(first.acceptedCount == 0)
                    directory.learned(ReplicaReport(first.endpoint, .ready))
                    for _ in 0..<2 { _ = try await send(client, directory) }
                    #expect(first.acceptedCount == 1)
                }
            }
        }
    }

    @Test("one that came is used, one that left is not, and its connections are closed")
    func membership() async throws {
        let name = Endpoint(host: "localhost", port: 1)
        try await RawServer.with(Self.named("a")) { first in
            try await RawServer.with(Self.named("b")) { second in
                let directory = ReplicaDirectory("test", at: [name])
                try await withClient { client in
                    directory.resolved([name: [first.endpoint]])
                    try await expect("a", client, directory)
                    directory.resolved([name: [second.endpoint]])
                    for _ in 0..<5 { try await expect("b", client, directory) }
                    try await eventually { first.openCount == 0 }
                }
            }
        }
    }

    @Test("nobody can be reached: connectFailed at once, and the first one back is found at once")
    func allAway() async throws {
        let name = Endpoint(host: "localhost", port: 1)
        let directory = ReplicaDirectory("test", at: [name])
        directory.resolved([name: [Self.nowhere, Self.elsewhere]])
        try await withClient { client in
            for _ in 0..<50 {
                let error = await failure {
                    try await client.send(
                        ClientRequest(method: "POST", target: "/"), to: directory, deadline: .after(soon))
                }
                #expect(error?.code == .connectFailed)
                #expect(error?.mayHaveBeenProcessed == false)
            }
            try await RawServer.with(Self.named("a")) { server in
                directory.resolved([name: [Self.nowhere, Self.elsewhere, server.endpoint]])
                try await expect("a", client, directory)
            }
        }
    }
}
