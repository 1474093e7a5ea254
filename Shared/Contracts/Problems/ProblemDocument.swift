/// The body of every refusal: RFC 9457 problem details with a stable `code` and what the client needs to act.
package struct ProblemDocument: Sendable, Hashable, Codable, Error {
    /// A URI reference that names the kind of problem and leads to its description, made from `code`.
    package let type: String
    package let title: String
    package let status: Int
    package var detail: String?
    /// The path of the request that was refused.
    package var instance: String?
    /// The stable machine-readable name of the problem, such as `seat-unavailable`.
    package let code: String
    /// The fields at fault, with status 422.
    package var errors: [FieldError]?
    /// The seats or ticket types that stand in the way, with status 409.
    package var conflicts: [String]?
    /// Seconds after which the same request may succeed; equal to the `Retry-After` header.
    package var retryAfter: Int?
    /// `false` on the routes whose clients look for it instead of the status.
    package var success: Bool?
    /// The detail again, for the same clients.
    package var message: String?

    package init(
        status: Int, code: String, title: String, detail: String? = nil, instance: String? = nil,
        errors: [FieldError]? = nil, conflicts: [String]? = nil, retryAfter: Int? = nil
    ) {
        self.type = "/docs#\(code)"
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.code = code
        self.errors = errors
        self.conflicts = conflicts
        self.retryAfter = retryAfter
    }

    /// The media type of a problem document.
    package static let mediaType = "application/problem+json"
}
