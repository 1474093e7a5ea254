import Contracts
import Foundation
import HTTPKit
import NIOCore

/// Speaks to Elasticsearch or OpenSearch over the part of their HTTP API that both have.
struct ElasticsearchClient: Sendable {
    let endpoint: Endpoint
    /// The value of the header `Authorization`; nil for a server that asks for none.
    let authorization: String?
    let http: HTTPClient
    /// Deadline of one request.
    var deadline = Duration.seconds(10)

    typealias Failure = SearchEngineFailure

    private struct ErrorReply: Decodable {
        struct Reason: Decodable {
            let type: String
        }

        let error: Reason
    }

    /// Sends `body` as JSON and reads the reply.
    func call<Reply: Decodable>(
        _ method: String, _ target: String, _ body: (some Encodable)?, as reply: Reply.Type = Reply.self
    ) async throws -> Reply {
        let bytes = try body.map { try WireJSON.encode($0) }
        return try await send(method, target, bytes, "application/json")
    }

    /// Reads a resource; nil when the server has none.
    func find<Reply: Decodable>(_ target: String, as reply: Reply.Type = Reply.self) async throws -> Reply? {
        do {
            return try await send("GET", target, nil, "application/json")
        } catch let failure as Failure where failure.status == 404 {
            return nil
        }
    }

    /// Sends `lines` as the newline-delimited JSON of `_bulk`; returns the items that were not done, by their status.
    ///
    /// Every action must name an alias: of an index that is not there the server would make one by guess.
    func bulk(_ lines: [String]) async throws -> [BulkReply.Outcome] {
        guard !lines.isEmpty else { return [] }
        let body = ByteBuffer(string: lines.joined(separator: "\n") + "\n")
        let reply: BulkReply = try await send("POST", "/_bulk?require_alias=true", body, "application/x-ndjson")
        return reply.items.flatMap(\.values).filter { $0.status >= 300 }
    }

    private func send<Reply: Decodable>(
        _ method: String, _ target: String, _ body: ByteBuffer?, _ mediaType: String
    ) async throws -> Reply {
        var headers = HeaderFields()
        headers.add("Accept", "application/json")
        if body != nil { headers.add("Content-Type", mediaType) }
        if let authorization { headers.add("Authorization", authorization) }
        let request = ClientRequest(method: method, target: target, headers: headers, body: body)
        let response: ClientResponse
        do {
            response = try await http.send(request, to: endpoint, deadline: .after(deadline))
        } catch {
            throw Failure(status: 0, type: error.description, request: "\(method) \(target)")
        }
        guard (200..<300).contains(response.status) else {
            let reason = try? WireJSON.decode(ErrorReply.self, from: response.body)
            throw Failure(
                status: response.status, type: reason?.error.type ?? "", request: "\(method) \(target)")
        }
        do {
            return try WireJSON.decode(Reply.self, from: response.body)
        } catch {
            // Of the server's making, which an error of decoding would not tell: that blames the request's sender.
            throw Failure(status: response.status, type: Failure.unreadable, request: "\(method) \(target)")
        }
    }
}

/// The reply to `_bulk`: an outcome for each line, under the name of its action.
struct BulkReply: Decodable {
    struct Outcome: Decodable {
        let status: Int
    }

    let items: [[String: Outcome]]
}

/// A reply of which nothing is read.
struct Acknowledgement: Decodable {}

/// The reply to reading one document.
struct DocumentReply<Source: Decodable>: Decodable {
    /// Absent when there is no such document.
    let source: Source?

    private enum CodingKeys: String, CodingKey {
        case source = "_source"
    }
}
