import Foundation
package import Hummingbird

/// The items of a request's query, read as forms write them: `+` is a space, as is `%20`.
///
/// The router's own parameters leave `+` as it stands, and browsers send it for every space of a form. Of items with
/// the same name the first counts; one that is not valid UTF-8 reads as its bytes stand.
package struct QueryItems: Sendable {
    private let values: [String: String]

    package init(_ request: Request) {
        self.init(query: request.uri.query ?? "")
    }

    init(query: String) {
        var values: [String: String] = [:]
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decode(parts[0])
            if values[name] == nil { values[name] = parts.count == 2 ? Self.decode(parts[1]) : "" }
        }
        self.values = values
    }

    package subscript(name: String) -> String? { values[name] }

    private static func decode(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}
