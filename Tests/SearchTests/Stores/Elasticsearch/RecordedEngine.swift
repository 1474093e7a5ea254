import Contracts
import Foundation
import HTTPKit
import ServiceKit
import Synchronization
import TestSupport

@testable import search

/// A server that answers with replies as the documentation of Elasticsearch shows them, one after another, and keeps
/// what it was asked.
final class RecordedEngine: Sendable {
    struct Asked: Sendable {
        /// Such as `POST /index/_search`.
        let line: String
        let head: String
        let body: String

        /// The value at `path` of the body, which is JSON.
        func value(_ path: String...) -> String? { value(path) }

        func value(_ path: [String]) -> String? {
            var value = try? JSONSerialization.jsonObject(with: Data(body.utf8))
            for name in path {
                if let index = Int(name) {
                    let list = value as? [Any] ?? []
                    value = list.indices.contains(index) ? list[index] : nil
                } else {
                    value = (value as? [String: Any])?[name]
                }
            }
            return value.map { "\($0)" }
        }
    }

    struct Canned: Sendable {
        let status: Int
        let body: String

        init(_ status: Int = 200, _ body: String = "{}") {
            self.status = status
            self.body = body
        }
    }

    private let state: Mutex<(asked: [Asked], replies: [Canned])>

    private init(_ replies: [Canned]) {
        state = Mutex(([], replies))
    }

    var asked: [Asked] { state.withLock { $0.asked } }

    /// Runs `body` with a client of a server that gives `replies` in their order, and 500 when there are no more.
    static func with(
        _ replies: [Canned], authorization: String? = nil,
        _ body: (ElasticsearchClient, RecordedEngine) async throws -> Void
    ) async throws {
        let engine = RecordedEngine(replies)
        let script: RawServer.Script = { connection, _ in try await engine.serve(connection) }
        try await RawServer.with(script) { server in
            let test = try TestEnvironment(.search)
            let client = ElasticsearchClient(
                endpoint: server.endpoint, authorization: authorization, http: test.environment.httpClient,
                deadline: .seconds(5))
            try await body(client, engine)
        }
    }

    private func serve(_ connection: RawConnection) async throws {
        while true {
            let head = try await connection.readHead()
            let length =
                head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
            let body = try await connection.read(length)
            let line = head.split(separator: " ").prefix(2).joined(separator: " ")
            let reply = state.withLock { state in
                state.asked.append(Asked(line: line, head: head, body: body))
                return state.replies.isEmpty ? Canned(500) : state.replies.removeFirst()
            }
            try await connection.write(
                "HTTP/1.1 \(reply.status) X\r\ncontent-type: application/json\r\n"
                    + "content-length: \(reply.body.utf8.count)\r\n\r\n\(reply.body)")
        }
    }
}
