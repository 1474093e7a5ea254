package import Contracts
package import HTTPTypes

/// A refusal with everything its client needs: thrown anywhere below a route, answered as a problem document.
package struct Problem: Error, Sendable, Hashable {
    package var status: HTTPResponse.Status
    /// The stable machine-readable name, such as `seat-unavailable`.
    package var code: String
    /// A few words that do not change from case to case.
    package var title: String
    /// What happened in this case, for people.
    package var detail: String?
    package var fieldErrors: [FieldError]
    /// What stands in the way, such as seat numbers.
    package var conflicts: [String]?
    /// Also sent as the header `Retry-After`.
    package var retryAfterSeconds: Int?
    /// More members of the document, such as `usedAt`; none may repeat one that is declared.
    package var extra: [String: String]
    /// Adds `success: false` and `message` for the clients that look for them instead of the status.
    package var hasSuccessMember = false

    package init(
        _ status: HTTPResponse.Status, code: String, title: String, detail: String? = nil,
        fieldErrors: [FieldError] = [], conflicts: [String]? = nil, retryAfterSeconds: Int? = nil,
        extra: [String: String] = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.fieldErrors = fieldErrors
        self.conflicts = conflicts
        self.retryAfterSeconds = retryAfterSeconds
        self.extra = extra
    }

    /// The same problem with the members `success` and `message`.
    package func withSuccessMember() -> Problem {
        var problem = self
        problem.hasSuccessMember = true
        return problem
    }

    /// Runs `body`; a problem that it throws has the members `success` and `message`.
    package static func withSuccessMember<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let problem as Problem {
            throw problem.withSuccessMember()
        }
    }

    /// The body, for a request of `path`.
    package func document(instance path: String?) -> ProblemDocument {
        var document = ProblemDocument(
            status: status.code, code: code, title: title, detail: detail, instance: path,
            errors: fieldErrors.isEmpty ? nil : fieldErrors, conflicts: conflicts, retryAfter: retryAfterSeconds)
        if hasSuccessMember {
            document.success = false
            document.message = detail ?? title
        }
        return document
    }
}
