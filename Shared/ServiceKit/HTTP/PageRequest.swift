package import HTTPTypes
package import Hummingbird

/// Which part of a list is asked for: `page` from 1, `pageSize` 20 unless said, 100 at most.
package struct PageRequest: Sendable, Hashable {
    package static let pageSizeMax = 100

    package let page: Int
    package let pageSize: Int

    /// Rows before the page.
    package var offset: Int { (page - 1) * pageSize }

    package init(page: Int, pageSize: Int) {
        self.page = page
        self.pageSize = pageSize
    }

    /// Reads the query of `request`; 422 for a number that is none or out of range.
    package init(_ request: Request, pageSize standard: Int = 20) throws(Problem) {
        let query = request.uri.queryParameters
        page = try Self.number(query["page"], "page", 1...100_000) ?? 1
        pageSize = try Self.number(query["pageSize"], "pageSize", 1...Self.pageSizeMax) ?? standard
    }

    /// `X-Total-Count`, and `Link` with the next page when there is one.
    package func headers(total: Int, request: Request) -> HTTPFields {
        var headers = HTTPFields()
        headers[.xTotalCount] = String(total)
        if offset + pageSize < total {
            var query = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("page=") }
            query.append("page=\(page + 1)")
            headers[.link] = "<\(request.uri.path)?\(query.joined(separator: "&"))>; rel=\"next\""
        }
        return headers
    }

    private static func number(
        _ text: Substring?, _ name: String, _ range: ClosedRange<Int>
    ) throws(Problem) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
