import Contracts
import Testing

@testable import gateway

@Suite("The specification")
struct OpenAPIDocumentTests {
    private let document: OpenAPIDocument

    init() throws {
        document = try OpenAPIDocument(merging: OpenAPIDocument.embedded)
    }

    private static let methods: Set<String> = ["get", "put", "post", "delete", "patch"]

    private var operations: [(path: String, method: String, node: JSONNode)] {
        (document.root["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { Self.methods.contains($0.name) }.map { (path.name, $0.name, $0.value) }
        }
    }

    @Test("the gateway sends every documented path to the service that documents it, or answers it itself")
    func paths() {
        #expect(!document.services.isEmpty)
        for (path, service) in document.services {
            let bytes = Array(path.replacing("{", with: "").replacing("}", with: "").utf8)
            let route = RouteTable.route(bytes.span, 0..<bytes.count)
            if service == .gateway {
                let isOwn = PublicDocuments.Name(bytes.span, 0..<bytes.count) != nil || path == "/health"
                #expect(route == nil && isOwn, "\(path)")
            } else {
                #expect(route?.service == service, "\(path)")
            }
        }
    }

    @Test("every entry of the route table has documented paths")
    func entries() {
        for entry in RouteTable.entries {
            let pattern = entry.pattern.description.split(separator: "/")
            let isDocumented = document.services.keys.contains { path in
                let segments = path.split(separator: "/")
                return segments.count >= pattern.count
                    && zip(pattern, segments).allSatisfy { $0 == $1 || $0 == "*" && $1.hasPrefix("{") }
            }
            #expect(isDocumented, "\(entry.pattern)")
        }
    }

    @Test("every operation has an id of its own, a known tag, a summary and a reply that is no refusal")
    func completeness() {
        let tags = Set((document.root["tags"]?.elements ?? []).compactMap { $0["name"]?.string })
        let ids = operations.compactMap { $0.node["operationId"]?.string }
        #expect(ids.count == operations.count && Set(ids).count == ids.count)
        for operation in operations {
            let node = operation.node
            #expect(node["tags"]?.strings.count == 1 && tags.isSuperset(of: node["tags"]?.strings ?? []))
            #expect(node["summary"]?.string?.isEmpty == false, "\(operation.path)")
            let statuses = (node["responses"]?.members ?? []).compactMap { Int($0.name) }
            #expect(statuses.contains { $0 < 400 }, "\(operation.path)")
        }
    }

    @Test("every reference leads somewhere")
    func references() {
        let schemas = SchemaText(root: document.root)
        func check(_ node: JSONNode) {
            if node["$ref"]?.string != nil {
                #expect(!schemas.resolved(node).members.isEmpty, "\(node.compactText)")
            }
            for member in node.members { check(member.value) }
            for element in node.elements { check(element) }
        }
        check(document.root)
    }

    @Test("path parameters are those of the path")
    func parameters() {
        let schemas = SchemaText(root: document.root)
        for operation in operations {
            let shared = document.root["paths"]?[operation.path]?["parameters"]?.elements ?? []
            let declared = (shared + (operation.node["parameters"]?.elements ?? [])).map(schemas.resolved)
                .filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string }
            let named = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            #expect(declared.sorted() == named.sorted(), "\(operation.path)")
        }
    }

    @Test("what the gateway refuses is in the catalogue with its status and its time to come back")
    func gatewayRefusals() {
        let catalogue = ProblemCatalogue(document.root["x-problems"] ?? .null)
        let refusals: [Refusal] = [
            .badRequest("x"), .bodyTooLarge(1), .deadlineExceeded, .dependencyUnavailable(.auth, outcomeUnknown: true),
            .expectationUnknown, .headTooLarge, .methodNotAllowed(allow: "GET"), .methodNotImplemented, .notFound,
            .overloaded, .requestTimeout, .targetTooLong, .versionNotSupported,
        ]
        for refusal in refusals {
            let entry = catalogue[refusal.code]
            #expect(entry?.statuses.contains(refusal.status) == true, "\(refusal.code)")
            #expect((entry?.retry == .always) == (refusal.retryAfterSeconds != nil), "\(refusal.code)")
        }
    }

    @Test("the replies of a route tell its own codes, those of any route, and when to come back")
    func replies() {
        let schemas = SchemaText(root: document.root)
        let responses = document.root["paths"]?["/api/inventory/reservations"]?["post"]?["responses"]
        func codes(_ status: Int) -> [String] {
            let reply = responses?[String(status)].map(schemas.resolved)
            return reply?["content"]?["application/problem+json"]?["schema"]?["properties"]?["code"]?["enum"]?.strings
                ?? []
        }
        #expect(codes(409) == ["not-on-sale", "request-in-progress", "seat-locked", "seat-unavailable", "sold-out"])
        #expect(codes(400) == ["bad-request", "idempotency-key-invalid", "malformed-json"])
        #expect(codes(504) == ["deadline-exceeded"])
        let limited = responses?["429"].map(schemas.resolved)
        #expect(limited?["headers"]?["Retry-After"]?["$ref"]?.string == "#/components/headers/RetryAfter")
        let payment = document.root["paths"]?["/api/bookings/confirm"]?["post"]?["responses"]
        let declined = payment?["402"].map(schemas.resolved)
        #expect(declined?["headers"]?["Idempotent-Replayed"] != nil)
    }
}

@Suite("Merging fragments")
struct OpenAPIMergeTests {
    private func merge(_ texts: String...) throws -> OpenAPIDocument {
        try OpenAPIDocument(
            merging: texts.enumerated().map { OpenAPIDocument.Fragment(name: "\($0)", bytes: Array($1.utf8)) })
    }

    private let frame = #"{"openapi":"3.1.0","paths":{}}"#
    private let route = #"{"service":"auth","paths":{"/a":{"get":{"operationId":"a"}}}}"#

    @Test("what two fragments both have is refused with the fragment's name")
    func duplicates() {
        let other = #"{"service":"auth","paths":{"/b":{"get":{"operationId":"a"}}}}"#
        let schema = #"{"components":{"schemas":{"A":{}}}}"#
        for (first, second) in [(route, route), (route, other), (schema, schema)] {
            #expect { _ = try merge(frame, first, second) } throws: { error in
                (error as? OpenAPIError)?.fragment == "2"
            }
        }
    }

    @Test("a fragment that is no JSON, has no service or an unknown code is refused")
    func faults() {
        for fault in [
            #"{"service":"#, #"{"paths":{"/a":{}}}"#, #"{"service":"nobody","paths":{"/a":{}}}"#,
            #"{"service":"auth","paths":{"/a":{"get":{"operationId":"a","x-problems":["no-such-code"]}}}}"#,
            #"{"service":"auth","paths":{"/a":{"get":{}}}}"#,
        ] {
            #expect(throws: OpenAPIError.self, "\(fault)") { try merge(frame, fault) }
        }
    }

    @Test("paths and members keep their order")
    func order() throws {
        let second = #"{"service":"events","paths":{"/B":{"get":{"operationId":"b"}}}}"#
        let document = try merge(frame, route, second)
        #expect(document.root["paths"]?.members.map(\.name) == ["/a", "/B"])
        #expect(document.services == ["/a": .auth, "/B": .events])
    }
}
