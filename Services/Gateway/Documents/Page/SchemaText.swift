/// Schemas as people read them: a table of members, or a type in words.
struct SchemaText {
    let root: JSONNode

    /// What `node` refers to, or itself; references in these documents lead to components.
    func resolved(_ node: JSONNode) -> JSONNode {
        guard let reference = node["$ref"]?.string else { return node }
        return reference.split(separator: "/").dropFirst().reduce(root) { node, name in
            node[String(name)] ?? .object([])
        }
    }

    /// A table of the members of an object or of the elements of an array of objects; else the type alone.
    func table(of node: JSONNode) -> String {
        let rows = rows(of: node, path: "")
        guard !rows.isEmpty else { return "<p class=\"type\">\(type(of: node)) \(limits(of: node))</p>" }
        return """
            <div class="wide"><table class="members"><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }

    /// The type of `node` in words, with links to the schemas it names.
    func type(of node: JSONNode) -> String {
        if let reference = node["$ref"]?.string {
            let name = HTMLText.escaped(reference.split(separator: "/").last ?? "")
            return "<a href=\"#schema-\(name)\">\(name)</a>"
        }
        if let value = node["const"] { return "<code>\(HTMLText.escaped(value.compactText))</code>" }
        if let choices = node["enum"]?.elements, !choices.isEmpty {
            let texts = choices.map { "<code>\(HTMLText.escaped($0.string ?? $0.compactText))</code>" }
            return texts.joined(separator: " · ")
        }
        switch node["type"]?.string {
        case "array": return "array of \(type(of: node["items"] ?? .object([])))"
        case "object":
            guard case .object = node["additionalProperties"], let values = node["additionalProperties"] else {
                return "object"
            }
            return "object of \(type(of: values)) by name"
        case let name?:
            return HTMLText.escaped([name, node["format"]?.string].compactMap(\.self).joined(separator: ", "))
        case nil: return node["allOf"] == nil ? "anything" : "object"
        }
    }

    /// Bounds, default and pattern.
    func limits(of node: JSONNode) -> String {
        var texts: [String] = []
        func bounds(_ low: String, _ high: String, _ unit: String) {
            switch (node[low]?.compactText, node[high]?.compactText) {
            case (let low?, let high?): texts.append("\(low)–\(high)\(unit)")
            case (let low?, nil): texts.append("at least \(low)\(unit)")
            case (nil, let high?): texts.append("at most \(high)\(unit)")
            case (nil, nil): break
            }
        }
        bounds("minimum", "maximum", "")
        bounds("minLength", "maxLength", " characters")
        bounds("minItems", "maxItems", " elements")
        if let pattern = node["pattern"]?.string { texts.append("<code>\(HTMLText.escaped(pattern))</code>") }
        if let standard = node["default"] {
            texts.append("default <code>\(HTMLText.escaped(standard.string ?? standard.compactText))</code>")
        }
        return texts.isEmpty ? "" : "<span class=\"limits\">\(texts.joined(separator: ", "))</span>"
    }

    /// An example that is written in the document: the node's own, or that of its elements; nil when there is none.
    func example(of node: JSONNode) -> JSONNode? {
        let schema = resolved(node)
        if let example = schema["examples"]?.elements.first { return example }
        guard schema["type"]?.string == "array", let items = schema["items"] else { return nil }
        return example(of: items).map { .array([$0]) }
    }

    // MARK: - Inside

    private func rows(of node: JSONNode, path: String) -> [String] {
        let required = Set((bases(of: node) + [node]).flatMap { $0["required"]?.strings ?? [] })
        return (bases(of: node) + [node]).flatMap { $0["properties"]?.members ?? [] }.flatMap { member in
            let name = path + member.name
            return [row(member.value, name: name, isRequired: required.contains(member.name))]
                + innerRows(of: member.value, path: name)
        }
    }

    /// The schemas that `node` stands on.
    private func bases(of node: JSONNode) -> [JSONNode] {
        (node["allOf"]?.elements ?? []).map(resolved)
    }

    /// The members of an object that is written where it is used, or of the elements of such an array.
    private func innerRows(of node: JSONNode, path: String) -> [String] {
        switch node["type"]?.string {
        case "array": innerRows(of: node["items"] ?? .object([]), path: "\(path)[]")
        default: rows(of: node, path: "\(path).")
        }
    }

    private func row(_ node: JSONNode, name: String, isRequired: Bool) -> String {
        let text = node["description"]?.string.map { "<p>\(HTMLText.line($0))</p>" } ?? ""
        return """
            <tr><th scope="row"><code>\(HTMLText.escaped(name))</code>\
            \(isRequired ? "<b class=\"required\">required</b>" : "")</th>\
            <td><span class="type">\(type(of: node))</span> \(limits(of: node))\(text)</td></tr>
            """
    }
}
