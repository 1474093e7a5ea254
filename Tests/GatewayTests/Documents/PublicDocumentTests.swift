import Crypto
import Foundation
import HTTPKit
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import gateway

@Suite("Documents of the gateway")
struct PublicDocumentTests {
    private func with(_ body: (TestGateway) async throws -> Void) async throws {
        try await TestGateway.with(endpoints: [:], body)
    }

    @Test("the specification is JSON, and a client that has it is told so")
    func specification() async throws {
        try await with { gateway in
            let first = try await gateway.response("GET /openapi.json")
            #expect(first.status == 200 && first.fields.first("content-type") == "application/json")
            let root = try JSONNode(parsing: Array(first.body.utf8))
            #expect(root["openapi"]?.string == "3.1.0")
            let tag = try #require(first.fields.first("etag"))
            for known in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
                let again = try await gateway.response("GET /openapi.json", ["If-None-Match: \(known)"])
                #expect(again.status == 304 && again.body.isEmpty && again.fields.first("etag") == tag, "\(known)")
                #expect(!again.fields.contains("content-type") && !again.fields.contains("content-length"))
            }
            try await gateway.expectStatus(200, "GET /openapi.json?x=1")
            let other = try await gateway.response("GET /openapi.json", ["If-None-Match: \"x\""])
            #expect(other.status == 200 && other.body == first.body)
        }
    }

    @Test("a client that takes gzip gets less, under a tag of its own")
    func gzip() async throws {
        let document = PublicDocument(String(repeating: "much the same ", count: 500), contentType: "text/plain")
        var fields = HeaderFields()
        let plain = document.response(to: fields)
        fields.add("Accept-Encoding", "br, gzip")
        let compressed = document.response(to: fields)
        func field(_ name: String, _ response: LocalResponse) -> String? {
            response.fields.first { $0.name == name }?.value
        }
        #expect(compressed.body.readableBytes < plain.body.readableBytes / 10)
        #expect(field("Content-Encoding", compressed) == "gzip" && field("Content-Encoding", plain) == nil)
        #expect(field("ETag", compressed) != field("ETag", plain))
        #expect(field("Vary", plain) == "Accept-Encoding")
    }

    @Test("the page lets nothing run but its own style and script")
    func securityFields() async throws {
        try await with { gateway in
            let page = try await gateway.response("GET /docs")
            #expect(page.status == 200 && page.fields.first("content-type") == "text/html; charset=utf-8")
            let policy = try #require(page.fields.first("content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none'; ") && !policy.contains("unsafe"))
            for element in ["style", "script"] {
                let content = try #require(page.body.firstMatch(of: try Regex("<\(element)>([\\s\\S]*?)</\(element)>")))
                let text = String(content.output[1].substring ?? "")
                let hash = Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
                #expect(policy.contains("\(element)-src 'sha256-\(hash)'"))
            }
            #expect(page.fields.first("x-content-type-options") == "nosniff")
            #expect(page.fields.first("x-frame-options") == "DENY")
            #expect(page.fields.first("referrer-policy") == "no-referrer")
        }
    }

    @Test("the first page leads to the documentation")
    func home() async throws {
        try await with { gateway in
            let reply = try await gateway.response("GET /")
            #expect(reply.status == 302 && reply.fields.first("location") == "/docs" && reply.body.isEmpty)
        }
    }

    @Test("a HEAD gets the head alone, other methods are refused", arguments: ["/", "/docs", "/openapi.json"])
    func methods(path: String) async throws {
        try await with { gateway in
            let get = try await gateway.response("GET \(path)")
            let head = try await gateway.response("HEAD \(path)")
            #expect(head.status == get.status && head.body.isEmpty)
            for name in ["content-length", "content-type", "etag"] {
                #expect(head.fields.first(name) == get.fields.first(name), "\(name)")
            }
            for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
                let refused = try await gateway.response("\(method) \(path)")
                #expect(refused.status == 405 && refused.code == "method-not-allowed", "\(method)")
                #expect(refused.fields.first("allow") == "GET, HEAD")
            }
        }
    }

    @Test("neighbours of the documents do not exist", arguments: ["/docs/", "/docsx", "/openapi", "/openapi.json/x"])
    func neighbours(path: String) async throws {
        try await with { try await $0.expectStatus(404, "GET \(path)") }
    }

    @Test("requests that were sent ahead are answered as far as their client reads, and then all of them")
    func sentAhead() async throws {
        let count = 100
        try await with { gateway in
            let length = try await gateway.response("GET /docs").body.utf8.count
            try await RawClient.with(gateway.endpoint) { client in
                let request = "GET /docs HTTP/1.1\r\nHost: a\r\n\r\n"
                try await client.write(String(repeating: request, count: count))
                // The other connection is served after what came before it on the same loop.
                try await gateway.expectStatus(200, "GET /openapi.json")
                #expect(answered(gateway) < count)
                for _ in 0..<count {
                    #expect(try await client.readResponse().body.utf8.count == length)
                }
            }
        }
    }

    /// How many requests the gateway has answered itself with a success.
    private func answered(_ gateway: TestGateway) -> Int {
        let lines = gateway.metrics.render().split(separator: "\n")
        let line = lines.first {
            $0.hasPrefix("gateway_request_seconds_count") && $0.contains("gateway\"") && $0.contains("2xx")
        }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }
}
