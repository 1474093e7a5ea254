/// How an exchange with a server ended without a complete response.
package struct UpstreamFailure: Sendable {
    package let error: HTTPClientError
    /// Whether the connection had served before, so that the server may have closed it while it lay idle.
    package let connectionWasReused: Bool
    /// Whether any byte of a response came.
    package let responseHadBegun: Bool

    package init(error: HTTPClientError, connectionWasReused: Bool = false, responseHadBegun: Bool = false) {
        self.error = error
        self.connectionWasReused = connectionWasReused
        self.responseHadBegun = responseHadBegun
    }

    /// Whether the server closed a kept connection, as it may at any time, just when it was used again.
    package var isStaleConnection: Bool {
        error.code == .connectionClosed && connectionWasReused && !responseHadBegun
    }
}
