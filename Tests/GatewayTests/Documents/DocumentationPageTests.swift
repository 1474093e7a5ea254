import Testing

@testable import gateway

@Suite("The documentation page")
struct DocumentationPageTests {
    private let document: OpenAPIDocument
    private let html: String

    init() throws {
        document = try OpenAPIDocument(merging: OpenAPIDocument.embedded)
        html = DocumentationPage(document).html
    }

    /// The values of all attributes of a name.
    private func values(of attribute: String) -> [String] {
        html.split(separator: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// How often each id occurs.
    private var places: [String: Int] {
        values(of: "id").reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    @Test("every route, schema and code has its place, once")
    func anchors() {
        var ids: [String] = []
        for path in document.root["paths"]?.members ?? [] {
            for operation in path.value.members {
                if let id = operation.value["operationId"]?.string { ids.append("op-\(id)") }
            }
        }
        ids += (document.root["components"]?["schemas"]?.members ?? []).map { "schema-\($0.name)" }
        ids += (document.root["x-problems"]?.members ?? []).map(\.name)
        #expect(ids.count > 100)
        let places = places
        for id in ids { #expect(places[id] == 1, "\(id)") }
    }

    @Test("every link inside the page leads to a place of the page")
    func links() {
        let places = places
        for target in values(of: "href").filter({ $0.hasPrefix("#") }) {
            #expect(places[String(target.dropFirst())] == 1, "\(target)")
        }
    }

    @Test("nothing is loaded from elsewhere")
    func selfContained() {
        for text in ["src=", "url(", "@import", "<link rel=\"stylesheet\"", "<iframe", "fetch("] {
            #expect(!html.contains(text), "\(text)")
        }
        for target in values(of: "href") {
            let isHere = ["#", "data:image/svg+xml,"].contains { target.hasPrefix($0) }
            #expect(isHere || target == "/openapi.json", "\(target)")
        }
    }

    @Test("every element that begins ends where it should")
    func wellFormed() throws {
        let empty: Set<Substring> = ["meta", "link", "input", "wbr", "!doctype"]
        var open: [Substring] = []
        let body = html.replacing(try Regex("<(style|script)>[\\s\\S]*?</(style|script)>"), with: "")
        for piece in body.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
            let tag = piece.prefix { $0 != ">" && $0 != " " }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst(), "</\(piece.prefix(60))")
            } else if !empty.contains(tag) {
                open.append(tag)
            }
        }
        #expect(open.isEmpty)
    }

    @Test("text is shown, never run")
    func escaping() {
        #expect(HTMLText.escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
        #expect(HTMLText.line("a `<b>` **c** <d>") == "a <code>&lt;b&gt;</code> <strong>c</strong> &lt;d&gt;")
        #expect(HTMLText.line("`**x**`") == "<code>**x**</code>")
    }

    @Test("a request is shown as a line to copy")
    func curl() {
        #expect(html.contains("curl -X POST $URL/api/auth/guest"))
        #expect(html.contains("-H &#39;Idempotency-Key: tour-1&#39;"))
        #expect(html.contains("curl &quot;$URL/api/search?q=holdfst+lisbon&quot;"))
    }
}
