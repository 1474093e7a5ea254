import Contracts

/// The OpenAPI 3.1 document of all services, put together from one fragment for each.
///
/// A fragment is a piece of OpenAPI with `paths` and `components`, and with `service`, which names who answers its
/// paths. The catalogue `x-problems` says of every `code` which status it has; an operation lists the codes that are
/// its own as `x-problems`, and gets the replies for those and for the ones that any operation may be refused with.
struct OpenAPIDocument: Sendable {
    /// A fragment's source, by the name of its file.
    struct Fragment: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    /// The whole document.
    let root: JSONNode
    /// Who answers each path.
    let services: [String: ServiceName]

    /// Merges `fragments`, of which the first is the document's frame.
    init(merging fragments: [Fragment]) throws(OpenAPIError) {
        var parts: [(name: String, node: JSONNode)] = []
        for fragment in fragments {
            do throws(JSONSyntaxError) {
                parts.append((fragment.name, try JSONNode(parsing: fragment.bytes)))
            } catch {
                throw OpenAPIError(fragment: fragment.name, reason: "\(error)")
            }
        }
        guard let frame = parts.first?.node else { throw OpenAPIError(fragment: "-", reason: "there is none") }
        let catalogue = ProblemCatalogue(parts.lazy.compactMap { $0.node["x-problems"] }.first ?? .object([]))
        var replies = ProblemReplies(catalogue)
        var merging = Merging(components: frame["components"] ?? .object([]))
        for (name, node) in parts.dropFirst() {
            do throws(OpenAPIError.Reason) {
                let service = node["service"]?.string.flatMap(ServiceName.init)
                for path in node["paths"]?.members ?? [] {
                    guard let service else { throw .init("it has paths and no service") }
                    merging.services[path.name] = service
                    try merging.add(path, service == .gateway ? .gateway : .service, &replies)
                }
                try merging.add(components: node["components"] ?? .object([]))
            } catch {
                throw OpenAPIError(fragment: name, reason: error.text)
            }
        }
        do throws(OpenAPIError.Reason) {
            try merging.add(components: .members(("responses", .object(replies.components))))
        } catch {
            throw OpenAPIError(fragment: "x-problems", reason: error.text)
        }
        var root = frame
        root.set("paths", .object(merging.paths))
        root.set("components", merging.components)
        root.set("x-problems", catalogue.node)
        self.root = root
        services = merging.services
    }
}

/// Why fragments are no document.
struct OpenAPIError: Error, CustomStringConvertible {
    /// A reason whose fragment is known further up.
    struct Reason: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    let fragment: String
    let reason: String

    var description: String { "the API description '\(fragment)' cannot be used: \(reason)" }
}

/// The document as far as it is merged.
private struct Merging {
    var paths: [JSONNode.Member] = []
    var components: JSONNode
    var services: [String: ServiceName] = [:]
    private var operationIDs: Set<String> = []

    private static let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    init(components: JSONNode) { self.components = components }

    mutating func add(
        _ path: JSONNode.Member, _ origin: ProblemReplies.Origin, _ replies: inout ProblemReplies
    ) throws(OpenAPIError.Reason) {
        guard !paths.contains(where: { $0.name == path.name }) else {
            throw .init("the path \(path.name) is there already")
        }
        var item = path.value
        for operation in item.members where Self.methods.contains(operation.name) {
            guard let id = operation.value["operationId"]?.string, operationIDs.insert(id).inserted else {
                throw .init("\(operation.name) \(path.name) has no operationId of its own")
            }
            item.set(operation.name, try replies.completing(operation.value, from: origin))
        }
        paths.append(JSONNode.Member(name: path.name, value: item))
    }

    /// Adds components kind by kind; a name may be used once in a kind.
    mutating func add(components added: JSONNode) throws(OpenAPIError.Reason) {
        for kind in added.members {
            var merged = components[kind.name] ?? .object([])
            for component in kind.value.members {
                guard merged[component.name] == nil else {
                    throw .init("components/\(kind.name)/\(component.name) is there already")
                }
                merged.set(component.name, component.value)
            }
            components.set(kind.name, merged)
        }
    }
}
