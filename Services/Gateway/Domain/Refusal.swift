import Contracts
import HTTPKit

/// An answer of the gateway itself that is not what the client wanted.
enum Refusal: Sendable, Hashable {
    case badRequest(String)
    case bodyTooLarge(Int)
    case deadlineExceeded
    case dependencyUnavailable(ServiceName, outcomeUnknown: Bool)
    case expectationUnknown
    case headTooLarge
    case methodNotAllowed(allow: String)
    case methodNotImplemented
    case notFound
    case overloaded
    case requestTimeout
    case targetTooLong
    case versionNotSupported

    /// What the strict parser said, as an answer.
    init(_ error: HTTPSyntaxError) {
        switch error {
        case .firstLineTooLong: self = .targetTooLong
        case .headTooLong, .tooManyFields, .trailersTooLong: self = .headTooLarge
        case .unsupportedVersion: self = .versionNotSupported
        default: self = .badRequest(error.explanation)
        }
    }

    var status: Int {
        switch self {
        case .badRequest: 400
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationUnknown: 417
        case .headTooLarge: 431
        case .methodNotImplemented: 501
        case .dependencyUnavailable, .overloaded: 503
        case .deadlineExceeded: 504
        case .versionNotSupported: 505
        }
    }

    /// Whether what follows on the connection cannot be trusted to be a request.
    var endsConnection: Bool {
        switch self {
        case .badRequest, .bodyTooLarge, .expectationUnknown, .headTooLarge, .methodNotImplemented, .requestTimeout,
            .targetTooLong, .versionNotSupported:
            true
        case .deadlineExceeded, .dependencyUnavailable, .methodNotAllowed, .notFound, .overloaded: false
        }
    }

    /// The stable name of the problem.
    var code: String {
        switch self {
        case .badRequest: "bad-request"
        case .bodyTooLarge: "payload-too-large"
        case .deadlineExceeded: "deadline-exceeded"
        case .dependencyUnavailable: "dependency-unavailable"
        case .expectationUnknown: "expectation-failed"
        case .headTooLarge: "head-too-large"
        case .methodNotAllowed: "method-not-allowed"
        case .methodNotImplemented: "not-implemented"
        case .notFound: "not-found"
        case .overloaded: "overloaded"
        case .requestTimeout: "request-timeout"
        case .targetTooLong: "target-too-long"
        case .versionNotSupported: "version-not-supported"
        }
    }

    /// Seconds after which the same request may succeed.
    var retryAfterSeconds: Int? {
        switch self {
        case .deadlineExceeded, .dependencyUnavailable, .overloaded: 1
        default: nil
        }
    }

    /// The document that is sent, for a request of `path`.
    func document(instance path: String?) -> ProblemDocument {
        let (title, detail) = text
        return ProblemDocument(
            status: status, code: code, title: title, detail: detail, instance: path, retryAfter: retryAfterSeconds)
    }

    private var text: (title: String, detail: String) {
        switch self {
        case .badRequest(let detail): ("Bad request", detail)
        case .bodyTooLarge(let bytes): ("Body too large", "a request body may have \(bytes) bytes")
        case .deadlineExceeded:
            ("A service did not answer in time", "whether the request took effect is not known")
        case .dependencyUnavailable(let service, outcomeUnknown: false):
            ("Not available now", "\(service.rawValue) cannot be reached")
        case .dependencyUnavailable(let service, outcomeUnknown: true):
            ("Not available now", "\(service.rawValue) did not finish; whether the request took effect is not known")
        case .expectationUnknown: ("Expectation failed", "only 100-continue can be expected")
        case .headTooLarge: ("Header fields too large", "the head of the request is larger than is accepted")
        case .methodNotAllowed: ("Method not allowed", "this address does not know this method")
        case .methodNotImplemented: ("Not implemented", "this method is not known here")
        case .notFound: ("Not found", "there is no such address")
        case .overloaded: ("Not available now", "too many requests are waiting; try again")
        case .requestTimeout: ("Request timeout", "the request did not arrive in time")
        case .targetTooLong: ("Address too long", "the request line is longer than is accepted")
        case .versionNotSupported: ("Version not supported", "HTTP/1.1 is spoken here")
        }
    }
}

extension HTTPSyntaxError {
    /// What is wrong, for the person who wrote the client.
    var explanation: String {
        switch self {
        case .bareLineFeed: "a line does not end with CR LF"
        case .chunkExtensionsTooLong: "the chunk extensions are too long"
        case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding exclude each other"
        case .duplicateHost: "there is more than one Host field"
        case .fieldNameInvalid: "a header field has no valid name"
        case .fieldValueInvalid: "a header field has a control character in its value"
        case .invalidChunkSize: "the body is not in valid chunks"
        case .invalidContentLength: "Content-Length is not a number"
        case .invalidHost: "the Host field is not a host"
        case .invalidRequestLine: "the request line is not valid"
        case .missingHost: "there is no Host field"
        case .obsoleteFolding: "header fields must not be folded"
        case .repeatedContentLength: "there is more than one Content-Length"
        case .unsupportedTransferEncoding: "the only transfer coding is one chunked"
        case .whitespaceBeforeColon: "white space before the colon of a header field"
        case .firstLineTooLong, .headTooLong, .invalidStatusLine, .tooManyFields, .tooManyInterimResponses,
            .trailersTooLong, .unexpectedEnd, .unsupportedVersion:
            "the request is not valid"
        }
    }
}
