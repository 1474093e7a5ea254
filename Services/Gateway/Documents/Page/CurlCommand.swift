/// A line of `curl` that makes a request, with the examples of the document as its values.
struct CurlCommand {
    let text: String

    init(_ operation: OperationText) {
        var parts = ["curl"]
        if operation.method != "get" { parts[0] += " -X \(operation.method.uppercased())" }
        parts[0] += " \(Self.quoted(Self.address(of: operation)))"
        if operation.needsToken { parts.append("-H \"Authorization: Bearer $TOKEN\"") }
        for parameter in operation.parameters where parameter["in"]?.string == "header" {
            guard let name = parameter["name"]?.string, let example = parameter["example"]?.string else { continue }
            parts.append("-H '\(name): \(example)'")
        }
        if let schema = operation.body?["schema"], let example = operation.schemas.example(of: schema) {
            parts.append("-H 'Content-Type: application/json'")
            parts.append("-d '\(example.prettyText.replacing("'", with: "'\\''"))'")
        }
        text = parts.joined(separator: " \\\n  ")
    }

    /// The address, with path parameters and those of the query that have an example filled in.
    private static func address(of operation: OperationText) -> String {
        var address = operation.path
        var query: [String] = []
        for parameter in operation.parameters {
            guard let name = parameter["name"]?.string, let value = example(of: parameter, operation.schemas) else {
                continue
            }
            switch parameter["in"]?.string {
            case "path": address = address.replacing("{\(name)}", with: value)
            case "query" where parameter["example"] != nil || parameter["required"]?.isTrue == true:
                query.append("\(name)=\(value.replacing(" ", with: "+"))")
            default: break
            }
        }
        return "$URL\(address)" + (query.isEmpty ? "" : "?\(query.joined(separator: "&"))")
    }

    private static func example(of parameter: JSONNode, _ schemas: SchemaText) -> String? {
        let value = parameter["example"] ?? parameter["schema"].flatMap(schemas.example)
        return value.map { $0.string ?? $0.compactText }
    }

    /// In quotation marks where a shell would read more into it; `$URL` is still filled in.
    private static func quoted(_ address: String) -> String {
        address.contains { "?&{}".contains($0) } ? "\"\(address)\"" : address
    }
}
