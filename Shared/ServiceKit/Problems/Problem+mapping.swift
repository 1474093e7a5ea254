import Contracts
import DatabaseKit
import HTTPKit
package import HTTPTypes
import Hummingbird
import NIOCore

/// The one place where errors become answers.
extension Problem {
    /// What a client is told about `error`.
    ///
    /// - Parameters:
    ///   - deadlinePassed: whether the request's time was over when it failed
    ///   - bodyBytesMax: the limit that a body may have broken
    package init(mapping error: any Error, deadlinePassed: Bool, bodyBytesMax: Int) {
        switch error {
        case let problem as Problem: self = problem
        case is NIOTooManyBytesError: self = .payloadTooLarge(bodyBytesMax)
        case let error as DecodingError: self = .init(decoding: error)
        case let error as DatabaseError: self = .init(database: error)
        case let error as HTTPClientError: self = .init(call: error)
        case let error as ServiceCallError: self = .init(call: error)
        case let document as ProblemDocument: self = .init(remote: document)
        case let error as HTTPError: self = .init(status: error.status, detail: error.body)
        case is CancellationError where deadlinePassed: self = .deadlineExceeded
        case is CancellationError: self = .shuttingDown
        default: self = .internalError
        }
    }

    /// A problem for a bare status, such as the router's own 404.
    package init(status: HTTPResponse.Status, detail: String? = nil) {
        switch status {
        case .notFound:
            self.init(.notFound, code: "not-found", title: "Not found", detail: detail ?? "there is no such address")
        case .methodNotAllowed:
            self.init(
                status, code: "method-not-allowed", title: "Method not allowed",
                detail: detail ?? "this address does not know this method")
        case .badRequest: self.init(status, code: "bad-request", title: "Bad request", detail: detail)
        default:
            let title = status.reasonPhrase.isEmpty ? "Status \(status.code)" : status.reasonPhrase
            let code = status.code >= 500 ? "internal-error" : "status-\(status.code)"
            self.init(status, code: code, title: title, detail: status.code >= 500 ? nil : detail)
        }
    }

    private init(database error: DatabaseError) {
        switch error.code {
        case .overloaded, .busy: self = .overloaded()
        case .outcomeUnknown:
            self = .unavailable(
                code: "database-unavailable", detail: "whether the request took effect is not known", retryAfter: 2)
        case .closed, .notOpen, .full, .ioError, .unavailable:
            self = .unavailable(code: "database-unavailable", retryAfter: 2)
        default: self = .internalError
        }
    }

    private init(call error: HTTPClientError) {
        switch error.code {
        case .deadlineExceeded:
            self.init(
                .gatewayTimeout, code: "deadline-exceeded", title: "A service did not answer in time",
                detail: "whether the request took effect is not known", retryAfterSeconds: 1)
        case .overloaded: self = .overloaded()
        case .cancelled: self = .shuttingDown
        case .invalidRequest: self = .internalError
        default: self = .unavailable(code: "dependency-unavailable", retryAfter: 1)
        }
    }

    private init(call error: ServiceCallError) {
        if case .refused(let document) = error {
            self.init(remote: document)
        } else {
            self = .unavailable(code: "dependency-unavailable", retryAfter: 1)
        }
    }

    /// What another service answered: its refusals are passed on, its failures are a dependency that is not available.
    private init(remote document: ProblemDocument) {
        guard (400..<500).contains(document.status), document.status != 401 else {
            let isOverload = document.code == "overloaded"
            self = isOverload ? .overloaded() : .unavailable(code: "dependency-unavailable", retryAfter: 1)
            return
        }
        self.init(
            HTTPResponse.Status(code: document.status), code: document.code, title: document.title,
            detail: document.detail, fieldErrors: document.errors ?? [], conflicts: document.conflicts,
            retryAfterSeconds: document.retryAfter)
    }

    /// What is wrong with a body: 400 when it is not JSON at all, 422 with the field otherwise.
    init(decoding error: DecodingError) {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self = .malformed("the body is not valid JSON")
        case .dataCorrupted(let context):
            self = .invalid(Self.path(context.codingPath), "has a value that cannot be read")
        case .keyNotFound(let key, let context):
            self = .invalid(Self.path(context.codingPath + [key]), "is required")
        case .valueNotFound(_, let context):
            self = .invalid(Self.path(context.codingPath), "must not be null")
        case .typeMismatch(let type, let context):
            self = .invalid(Self.path(context.codingPath), "must be \(Self.name(of: type))")
        @unknown default:
            self = .malformed("the body cannot be read")
        }
    }

    /// `ticketTypes[0].price`.
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path.isEmpty ? "body" : path
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: String(describing: type) == "Decimal" ? "a number" : "of another type"
        }
    }
}
