import Crypto
import Foundation

/// `/docs`: the specification as one page for people, which needs nothing from elsewhere and works without scripts.
///
/// Everything on it comes from the document, so the page cannot say anything else than `/openapi.json`.
struct DocumentationPage {
    private let root: JSONNode
    private let catalogue: ProblemCatalogue
    private let schemas: SchemaText

    init(_ document: OpenAPIDocument) {
        root = document.root
        catalogue = ProblemCatalogue(root["x-problems"] ?? .object([]))
        schemas = SchemaText(root: root)
    }

    /// The page with the header fields that let nothing else run in it.
    var document: PublicDocument {
        PublicDocument(
            html, contentType: "text/html; charset=utf-8",
            fields: [
                ("Content-Security-Policy", contentSecurityPolicy), ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
                ("X-Frame-Options", "DENY"),
            ])
    }

    private static let style = String(decoding: PackageResources.docs_css, as: UTF8.self)
    private static let script = String(decoding: PackageResources.docs_js, as: UTF8.self)
    /// A ticket, drawn.
    private static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230d9488' "
        + "d='M1 4h14v3a1 1 0 0 0 0 2v3H1V9a1 1 0 0 0 0-2z'/%3E%3C/svg%3E"

    /// Only the page's own style and script, known by their hashes, and its icon.
    private var contentSecurityPolicy: String {
        func hash(_ text: String) -> String {
            "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
        }
        return "default-src 'none'; style-src \(hash(Self.style)); script-src \(hash(Self.script)); img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    var html: String {
        let title = HTMLText.escaped(root["info"]?["title"]?.string ?? "")
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) API</title>
            <link rel="icon" href="\(Self.icon)">
            <style>\(Self.style)</style>
            </head>
            <body>
            \(navigation(title))
            <main>
            \(introduction(title))
            \(tags.map(section).joined(separator: "\n"))
            \(problems)
            \(schemaList)
            </main>
            <script>\(Self.script)</script>
            </body>
            </html>

            """
    }

    // MARK: - Its parts

    private var tags: [JSONNode] { root["tags"]?.elements ?? [] }

    private func operations(of tag: String) -> [OperationText] {
        var found: [OperationText] = []
        for path in root["paths"]?.members ?? [] {
            for method in path.value.members where method.value["tags"]?.strings.first == tag {
                found.append(
                    OperationText(
                        path: path.name, method: method.name, node: method.value,
                        shared: path.value["parameters"]?.elements ?? [], root: root, schemas: schemas,
                        catalogue: catalogue))
            }
        }
        return found
    }

    private func navigation(_ title: String) -> String {
        let lists = tags.map { tag in
            let name = tag["name"]?.string ?? ""
            let items = operations(of: name).map(\.navigationItem).joined(separator: "\n")
            return "<h2><a href=\"#tag-\(HTMLText.escaped(name))\">\(HTMLText.escaped(name))</a></h2><ul>\(items)</ul>"
        }
        return """
            <nav aria-label="Routes">
            <a class="brand" href="#top">\(title)</a>
            <input type="search" id="filter" placeholder="Filter routes" aria-label="Filter routes" hidden>
            \(lists.joined(separator: "\n"))
            <h2><a href="#refusals">Refusals</a></h2>
            <h2><a href="#schemas">Schemas</a></h2>
            </nav>
            """
    }

    private func introduction(_ title: String) -> String {
        let info = root["info"]
        return """
            <header id="top">
            <h1>\(title) <span>API</span></h1>
            <p class="lead">\(HTMLText.line(info?["summary"]?.string ?? ""))</p>
            <div class="prose">\(HTMLText.paragraphs(info?["description"]?.string ?? ""))
            <p>The same for machines: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p></div>
            </header>
            """
    }

    private func section(_ tag: JSONNode) -> String {
        let name = HTMLText.escaped(tag["name"]?.string ?? "")
        let articles = operations(of: tag["name"]?.string ?? "").map(\.article).joined(separator: "\n")
        return """
            <section id="tag-\(name)">
            <h2>\(name)</h2>
            <p class="lead">\(HTMLText.line(tag["description"]?.string ?? ""))</p>
            \(articles)
            </section>
            """
    }

    private var problems: String {
        let rows = catalogue.entries.map { entry in
            let statuses = entry.statuses.map(String.init).joined(separator: ", ")
            let scope =
                switch entry.scope {
                case .every: "any request"
                case .services: "any request that reaches a service"
                case .bodies: "any request with a body"
                case nil: ""
                }
            let retry = entry.retry == .never ? "" : entry.retry == .always ? "always" : "sometimes"
            return """
                <tr id="\(entry.code)"><td><code>\(entry.code)</code></td><td>\(statuses)</td>\
                <td>\(HTMLText.line(entry.description))</td><td>\(scope)</td><td>\(retry)</td></tr>
                """
        }
        return """
            <section id="refusals">
            <h2>Refusals</h2>
            <p class="lead">Every refusal is a problem document whose <code>type</code> leads here.</p>
            <div class="wide"><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>Also from</th>\
            <th>Retry-After</th></tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>
            </section>
            """
    }

    private var schemaList: String {
        let articles = (root["components"]?["schemas"]?.members ?? []).map { member in
            let description = member.value["description"]?.string.map { "<p>\(HTMLText.line($0))</p>" } ?? ""
            return """
                <article class="schema" id="schema-\(member.name)">
                <h3>\(member.name)</h3>
                \(description)
                \(schemas.table(of: member.value))
                </article>
                """
        }
        return """
            <section id="schemas">
            <h2>Schemas</h2>
            <p class="lead">Members marked <b class="required">required</b> are always there; the others may be left out.</p>
            \(articles.joined(separator: "\n"))
            </section>
            """
    }
}
