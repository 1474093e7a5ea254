import HTTPTypes
import Hummingbird
import ServiceKit

extension PageRequest {
    /// The last page of this size that may be asked for: none leads beyond ``SearchLimits/depthMax``.
    private var lastPage: Int { SearchLimits.depthMax / pageSize }

    /// Whether results of the page may be asked for.
    var isWithinDepth: Bool { page <= lastPage }

    /// `X-Total-Count` with all there are, and `Link` with the next page when there is one that may be asked for.
    func searchHeaders(total: Int, request: Request) -> HTTPFields {
        var headers = headers(total: min(total, lastPage * pageSize), request: request)
        headers[.xTotalCount] = String(total)
        return headers
    }
}
