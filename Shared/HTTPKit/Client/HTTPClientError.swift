/// Why a request got no response.
package struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The caller's task was cancelled.
        case cancelled
        /// No connection could be made.
        case connectFailed
        /// The connection ended before the response did.
        case connectionClosed
        case deadlineExceeded
        /// The request cannot be written as HTTP/1.1.
        case invalidRequest
        case malformedResponse
        /// All connections are busy and the queue before them is full.
        case overloaded
        case responseTooLarge
    }

    package let code: Code
    package let message: String
    /// Whether the server may have acted on the request; false when no byte of it was sent.
    package let mayHaveBeenProcessed: Bool
    package let underlying: (any Error)?

    package init(_ code: Code, _ message: String, mayHaveBeenProcessed: Bool = false, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.mayHaveBeenProcessed = mayHaveBeenProcessed
        self.underlying = underlying
    }

    package var description: String {
        let cause = underlying.map { " (\($0))" } ?? ""
        return "\(code.rawValue): \(message)\(cause)"
    }
}
