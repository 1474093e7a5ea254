/// Writes the replies that refuse: one for each status, with the codes it can carry and the headers these bring.
///
/// Equal replies are written once, as components named by status and codes.
struct ProblemReplies {
    /// Who may refuse an operation.
    enum Origin: Sendable {
        /// The gateway alone.
        case gateway
        /// The gateway, or the service behind it.
        case service
    }

    private let catalogue: ProblemCatalogue
    /// The replies written so far.
    private(set) var components: [JSONNode.Member] = []

    init(_ catalogue: ProblemCatalogue) {
        self.catalogue = catalogue
    }

    /// `operation` with a reply for every status that its codes have.
    mutating func completing(
        _ operation: JSONNode, from origin: Origin
    ) throws(OpenAPIError.Reason) -> JSONNode {
        var entries = catalogue.entries.filter { entry in
            switch entry.scope {
            case .every: true
            case .services: origin == .service
            case .bodies: operation["requestBody"] != nil
            case nil: false
            }
        }
        for code in operation["x-problems"]?.strings ?? [] {
            guard let entry = catalogue[code], !entry.statuses.isEmpty else {
                throw .init("the code \(code) is not in the catalogue")
            }
            if !entries.contains(where: { $0.code == code }) { entries.append(entry) }
        }
        var responses = operation["responses"] ?? .object([])
        for status in Set(entries.flatMap(\.statuses)).sorted() where responses[String(status)] == nil {
            let name = reply(status, entries.filter { $0.statuses.contains(status) })
            responses.set(String(status), .members(("$ref", .string("#/components/responses/\(name)"))))
        }
        var completed = operation
        completed.set("responses", responses)
        return completed
    }

    /// The name of the reply with `status` and the codes of `entries`.
    private mutating func reply(_ status: Int, _ entries: [ProblemCatalogue.Entry]) -> String {
        let entries = entries.sorted { $0.code < $1.code }
        let name = "\(status).\(entries.map(\.code).joined(separator: "."))"
        guard !components.contains(where: { $0.name == name }) else { return name }
        var headers = JSONNode.object([])
        if entries.allSatisfy({ $0.retry == .always }) {
            headers.set("Retry-After", Self.header("RetryAfter"))
        } else if entries.contains(where: { $0.retry != .never }) {
            headers.set("Retry-After", Self.header("RetryAfterPerhaps"))
        }
        if entries.contains(where: \.isReplayed) {
            headers.set("Idempotent-Replayed", Self.header("IdempotentReplayed"))
        }
        if status == 401 { headers.set("WWW-Authenticate", Self.header("WWWAuthenticate")) }
        let schema = JSONNode.members(
            ("allOf", .array([.members(("$ref", .string("#/components/schemas/Problem")))])),
            (
                "properties",
                .members(
                    ("status", .members(("const", .number(String(status))))),
                    ("code", .members(("enum", .array(entries.map { .string($0.code) }))))
                )
            ))
        var reply = JSONNode.members(("description", .string(entries.map(Self.line).joined(separator: "\n"))))
        if !headers.members.isEmpty { reply.set("headers", headers) }
        reply.set("content", .members(("application/problem+json", .members(("schema", schema)))))
        components.append(JSONNode.Member(name: name, value: reply))
        return name
    }

    private static func line(_ entry: ProblemCatalogue.Entry) -> String {
        "- `\(entry.code)`: \(entry.description)"
    }

    private static func header(_ name: String) -> JSONNode {
        .members(("$ref", .string("#/components/headers/\(name)")))
    }
}
