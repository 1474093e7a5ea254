/// Why a request to Stripe brought no result. It carries Stripe's codes only: messages may quote what was sent.
enum StripeError: Error, Sendable, Hashable {
    /// The bank said no.
    case declined(code: String)
    /// Stripe does not do it, in this state or with these parameters.
    case refused(status: Int, code: String)
    /// The secret key is not good; nothing was done.
    case unauthorized
    /// No answer in time, a broken connection, an error of Stripe's own or too many requests: it may have been done.
    case unavailable(reason: String)
    /// The answer was not what Stripe's documentation says; it may have been done.
    case malformedReply
}
