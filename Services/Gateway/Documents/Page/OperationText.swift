/// One operation as the page shows it.
struct OperationText {
    let path: String
    let method: String
    let node: JSONNode
    /// Parameters of all operations of the path.
    let shared: [JSONNode]
    let root: JSONNode
    let schemas: SchemaText
    let catalogue: ProblemCatalogue

    private var id: String { HTMLText.escaped(node["operationId"]?.string ?? "") }

    var parameters: [JSONNode] {
        (shared + (node["parameters"]?.elements ?? [])).map(schemas.resolved)
    }

    /// The schema and example of the request's JSON body.
    var body: JSONNode? {
        node["requestBody"].map(schemas.resolved)?["content"]?["application/json"]
    }

    var needsToken: Bool {
        let ways = node["security"]?.elements ?? root["security"]?.elements ?? []
        return !ways.isEmpty && !ways.contains { $0.members.isEmpty }
    }

    private var badge: String { "<b class=\"method \(method)\">\(method.uppercased())</b>" }

    private var pathText: String {
        HTMLText.escaped(path).replacing("/", with: "/<wbr>").replacing("{", with: "<i>{").replacing("}", with: "}</i>")
    }

    var navigationItem: String {
        "<li><a href=\"#op-\(id)\">\(badge)<span>\(HTMLText.line(node["summary"]?.string ?? ""))</span></a></li>"
    }

    var article: String {
        """
        <article class="operation" id="op-\(id)">
        <div class="words">
        <h3><a href="#op-\(id)">\(HTMLText.line(node["summary"]?.string ?? ""))</a></h3>
        <p class="route">\(badge)<code>\(pathText)</code>\(accessText)</p>
        \(HTMLText.paragraphs(node["description"]?.string ?? ""))
        \(parameterTable)
        \(bodyTable)
        \(replies)
        \(refusals)
        </div>
        <div class="examples">
        <figure><figcaption>Request</figcaption><pre><code>\(HTMLText.escaped(CurlCommand(self).text))</code></pre></figure>
        \(replyExamples)
        </div>
        </article>
        """
    }

    // MARK: - Its parts

    private var accessText: String {
        needsToken
            ? "<span class=\"access\">needs a token</span>" : "<span class=\"access open\">public</span>"
    }

    private var parameterTable: String {
        guard !parameters.isEmpty else { return "" }
        let rows = parameters.map { parameter in
            let schema = parameter["schema"] ?? .object([])
            let text = parameter["description"]?.string.map { "<p>\(HTMLText.line($0))</p>" } ?? ""
            return """
                <tr><th scope="row"><code>\(HTMLText.escaped(parameter["name"]?.string ?? ""))</code>\
                \(parameter["required"]?.isTrue == true ? "<b class=\"required\">required</b>" : "")</th>\
                <td><span class="type">\(HTMLText.escaped(parameter["in"]?.string ?? "")), \(schemas.type(of: schema))\
                </span> \(schemas.limits(of: schema))\(text)</td></tr>
                """
        }
        return """
            <h4>Parameters</h4>
            <div class="wide"><table class="members"><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }

    private var bodyTable: String {
        guard let schema = body?["schema"] else { return "" }
        let resolved = schemas.resolved(schema)
        let text = resolved["description"]?.string.map { "<p>\(HTMLText.line($0))</p>" } ?? ""
        return """
            <h4>Body <span class="type">\(schemas.type(of: schema))</span></h4>\(text)\(schemas.table(of: resolved))
            """
    }

    /// The replies that are no refusals, with their numbers.
    private var answers: [(status: String, reply: JSONNode)] {
        (node["responses"]?.members ?? []).map { ($0.name, schemas.resolved($0.value)) }
            .filter { $0.1["content"]?["application/problem+json"] == nil }
    }

    private var replies: String {
        let rows = answers.map { status, reply in
            let media = reply["content"]?.members.first
            let schema = media.flatMap { $0.value["schema"] }
            let type = schema.map { "<span class=\"type\">\(schemas.type(of: $0))</span>" }
            let headers = (reply["headers"]?.members ?? []).map { header in
                let text = HTMLText.line(schemas.resolved(header.value)["description"]?.string ?? "")
                return "<li><code>\(HTMLText.escaped(header.name))</code> \(text)</li>"
            }
            return """
                <dt><b class="status s\(status.prefix(1))">\(status)</b></dt>\
                <dd>\(HTMLText.line(reply["description"]?.string ?? "")) \(type ?? "")\
                \(headers.isEmpty ? "" : "<ul class=\"headers\">\(headers.joined())</ul>")</dd>
                """
        }
        return "<h4>Replies</h4><dl class=\"replies\">\(rows.joined(separator: "\n"))</dl>"
    }

    private var refusals: String {
        let own = (node["x-problems"]?.strings ?? []).compactMap { catalogue[$0] }
        let sorted = own.sorted { ($0.statuses.first ?? 0, $0.code) < ($1.statuses.first ?? 0, $1.code) }
        let items = sorted.map { entry in
            let status = entry.statuses.first.map(String.init) ?? ""
            return """
                <dt><b class="status s4">\(status)</b></dt><dd><a href="#\(entry.code)"><code>\(entry.code)</code></a> \
                \(HTMLText.line(entry.description))</dd>
                """
        }
        let common = "<p class=\"common\">And <a href=\"#refusals\">what any request can be refused with</a>.</p>"
        let list = items.isEmpty ? "" : "<dl class=\"replies\">\(items.joined(separator: "\n"))</dl>"
        return "<h4>Refusals</h4>\(list)\(common)"
    }

    private var replyExamples: String {
        answers.compactMap { status, reply -> String? in
            guard let media = reply["content"]?["application/json"],
                let example = media["example"] ?? media["schema"].flatMap(schemas.example)
            else { return nil }
            return """
                <figure><figcaption>Reply \(status)</figcaption>\
                <pre><code>\(HTMLText.escaped(example.prettyText))</code></pre></figure>
                """
        }.joined(separator: "\n")
    }
}
