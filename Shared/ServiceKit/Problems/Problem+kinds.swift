package import Contracts
import HTTPTypes

/// The refusals that every service knows, each with its code.
extension Problem {
    /// 401: no token, or one that is not good.
    package static func unauthorized(_ detail: String = "sign in and send the access token") -> Problem {
        Problem(.unauthorized, code: "unauthorized", title: "Not signed in", detail: detail)
    }

    /// 403: signed in, but this is not theirs to do.
    package static func forbidden(_ detail: String? = nil) -> Problem {
        Problem(.forbidden, code: "forbidden", title: "Not allowed", detail: detail)
    }

    /// 404: `what` does not exist, or is somebody else's.
    package static func notFound(_ what: String) -> Problem {
        Problem(.notFound, code: "not-found", title: "Not found", detail: "there is no such \(what)")
    }

    /// 400: the body is not JSON.
    package static func malformed(_ detail: String) -> Problem {
        Problem(.badRequest, code: "malformed-json", title: "Malformed JSON", detail: detail)
    }

    /// 400: something else about the request cannot be understood.
    package static func badRequest(_ code: String, _ detail: String) -> Problem {
        Problem(.badRequest, code: code, title: "Bad request", detail: detail)
    }

    /// Field errors that a reply names: enough to mend a form, and no request can have a reply larger than itself.
    package static let fieldErrorsMax = 100

    /// 422: these fields need a change; of many the first ``fieldErrorsMax`` are named.
    package static func invalid(_ errors: [FieldError]) -> Problem {
        let errors = Array(errors.prefix(fieldErrorsMax))
        let detail = errors.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        return Problem(
            .unprocessableContent, code: "invalid-fields", title: "Invalid fields", detail: detail,
            fieldErrors: errors)
    }

    /// 422: this field needs a change.
    package static func invalid(_ field: String, _ message: String) -> Problem {
        invalid([FieldError(field, message)])
    }

    /// 422 with a code of its own.
    package static func unprocessable(code: String, title: String, detail: String? = nil) -> Problem {
        Problem(.unprocessableContent, code: code, title: title, detail: detail)
    }

    /// 409: the state of things does not allow it.
    package static func conflict(
        code: String, title: String = "Conflict", detail: String? = nil, conflicts: [String]? = nil,
        retryAfter: Int? = nil
    ) -> Problem {
        Problem(
            .conflict, code: code, title: title, detail: detail, conflicts: conflicts, retryAfterSeconds: retryAfter)
    }

    /// 410: it was there and is over.
    package static func gone(code: String, title: String = "Gone", detail: String? = nil) -> Problem {
        Problem(.gone, code: code, title: title, detail: detail)
    }

    /// 402: the money did not come.
    package static func paymentRequired(code: String, title: String = "Payment refused", detail: String? = nil)
        -> Problem
    {
        Problem(.paymentRequired, code: code, title: title, detail: detail)
    }

    /// 429: more than is allowed in a time.
    package static func tooManyRequests(code: String, detail: String? = nil, retryAfter: Int) -> Problem {
        Problem(
            .tooManyRequests, code: code, title: "Too many requests", detail: detail,
            retryAfterSeconds: max(1, retryAfter))
    }

    /// 503: not now.
    package static func unavailable(code: String, detail: String? = nil, retryAfter: Int) -> Problem {
        Problem(
            .serviceUnavailable, code: code, title: "Not available now", detail: detail,
            retryAfterSeconds: max(1, retryAfter))
    }

    /// 503: too much is waiting already.
    package static func overloaded(retryAfter: Int = 1) -> Problem {
        unavailable(code: "overloaded", detail: "too many requests are waiting; try again", retryAfter: retryAfter)
    }

    /// 503: the request's time is over; whether it took effect is not known.
    package static let deadlineExceeded = unavailable(
        code: "deadline-exceeded", detail: "the request took too long; it may or may not have taken effect",
        retryAfter: 1)

    /// 503: the process is ending and gave the request up.
    package static let shuttingDown = unavailable(
        code: "shutting-down", detail: "the service is stopping; try again", retryAfter: 1)

    /// 413: the body is longer than `bytes`.
    package static func payloadTooLarge(_ bytes: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "payload-too-large", title: "Body too large",
            detail: "a request body may have \(bytes) bytes")
    }

    /// 500: a fault of ours; says nothing about its cause, which the log has under the trace id.
    package static let internalError = Problem(
        .internalServerError, code: "internal-error", title: "Internal error",
        detail: "the request failed for a reason of ours")
}
