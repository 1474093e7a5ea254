import NIOCore

/// A request of the client: sends it, collects the response, tries again where that is safe.
///
/// It belongs to one event loop and completes exactly once.
final class ClientExchange: UpstreamExchange {
    let deadline: NIODeadline
    private let head: ByteBuffer
    private let body: ByteBuffer?
    private let method: RequestMethod
    private let responseBodyBytesMax: Int
    /// For messages.
    private let service: String
    private var attempts: RequestAttempts
    private var connection: UpstreamConnection?
    private var response: ResponseHead?
    private var responseBody = ByteBuffer()
    private var completion: ((Result<ClientResponse, HTTPClientError>) -> Void)?

    init(
        head: ByteBuffer, body: ByteBuffer?, method: RequestMethod, deadline: NIODeadline, responseBodyBytesMax: Int,
        replicas: ReplicaSet, completion: @escaping (Result<ClientResponse, HTTPClientError>) -> Void
    ) {
        self.head = head
        self.body = body
        self.method = method
        self.deadline = deadline
        self.responseBodyBytesMax = responseBodyBytesMax
        attempts = RequestAttempts(replicas)
        self.service = replicas.service
        self.completion = completion
    }

    func start() {
        guard let pool = attempts.begin() else {
            return complete(
                .failure(HTTPClientError(.connectFailed, "no replica of \(service) can be reached now")))
        }
        pool.lease(self)
    }

    /// Ends it because nobody waits any more. A connection with an unfinished exchange is closed, never reused.
    func cancel() {
        guard completion != nil else { return }
        let wasSent = connection != nil
        abandonConnection()
        _ = attempts.pool?.withdraw(self)
        complete(
            .failure(HTTPClientError(.cancelled, "the caller was cancelled", mayHaveBeenProcessed: wasSent)))
    }

    func leased(_ connection: UpstreamConnection) {
        self.connection = connection
        connection.begin(self, requestIsHead: method == .head)
        if let body {
            connection.write(head)
            connection.send(body, isLast: true)
        } else {
            connection.send(head, isLast: true)
        }
    }

    func received(interim: ResponseHead) {}

    func received(head: ResponseHead, framing: BodyFraming) {
        response = head
        if case .length(let length) = framing, length > responseBodyBytesMax { refuseLargeResponse() }
    }

    func received(body: ByteBuffer) {
        guard responseBody.readableBytes + body.readableBytes <= responseBodyBytesMax else {
            return refuseLargeResponse()
        }
        if responseBody.readableBytes == 0 {
            responseBody = body
        } else {
            responseBody.writeImmutableBuffer(body)
        }
    }

    func receivedAll() {}

    func finished() {
        connection = nil
        attempts.end(answered: true)
        guard let response else {
            let message = "the response ended before it began"
            return complete(.failure(HTTPClientError(.malformedResponse, message, mayHaveBeenProcessed: true)))
        }
        complete(
            .success(ClientResponse(status: response.status, headers: response.fields, body: responseBody)))
    }

    func failed(_ failure: UpstreamFailure) {
        connection = nil
        if let pool = attempts.next(after: failure, method: method, isAtHand: true) {
            pool.lease(self)
        } else {
            complete(.failure(attempts.remembering(failure).error))
        }
    }

    func upstreamWritabilityChanged(isWritable: Bool) {}

    private func refuseLargeResponse() {
        abandonConnection()
        complete(
            .failure(
                HTTPClientError(
                    .responseTooLarge, "the response has more than \(responseBodyBytesMax) bytes",
                    mayHaveBeenProcessed: true)))
    }

    private func abandonConnection() {
        let connection = self.connection
        self.connection = nil
        connection?.abandon()
    }

    private func complete(_ result: Result<ClientResponse, HTTPClientError>) {
        attempts.end(answered: false)
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }
}
