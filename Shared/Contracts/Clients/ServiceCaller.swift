package import HTTPKit
import NIOCore

/// Calls one service's internal routes: token, deadline, JSON, problems, retries.
///
/// Every internal route is idempotent by its keys, so a call whose reply was lost is simply made again until its
/// deadline, with growing pauses; a refusal is final, except `503`, which time heals.
package struct ServiceCaller: Sendable {
    package let service: ServiceName
    private let replicas: ReplicaDirectory
    private let http: HTTPClient
    private let credentials: any CallCredentials

    private static let attemptsMax = 4
    private static let firstPauseMilliseconds = 20.0

    package init(
        service: ServiceName, replicas: ReplicaDirectory, http: HTTPClient, credentials: any CallCredentials
    ) {
        self.service = service
        self.replicas = replicas
        self.http = http
        self.credentials = credentials
    }

    /// Sends `body` as JSON and reads the reply as `Reply`.
    package func call<Reply: Decodable>(
        _ method: String, _ target: String, body: (some Encodable)?, in context: CallContext,
        returning _: Reply.Type = Reply.self
    ) async throws(ServiceCallError) -> Reply {
        let response = try await perform(method, target, body: try encode(body), in: context)
        do {
            return try WireJSON.decode(Reply.self, from: response.body)
        } catch {
            throw .malformedReply(service: service, reason: "status \(response.status): \(error)")
        }
    }

    /// Reads a resource.
    package func get<Reply: Decodable>(
        _ target: String, in context: CallContext, returning type: Reply.Type = Reply.self
    ) async throws(ServiceCallError) -> Reply {
        try await call("GET", target, body: String?.none, in: context, returning: type)
    }

    /// Sends `body` as JSON to a route that answers with nothing to read.
    package func send(
        _ method: String, _ target: String, body: (some Encodable)?, in context: CallContext
    ) async throws(ServiceCallError) {
        _ = try await perform(method, target, body: try encode(body), in: context)
    }

    private func encode(_ body: (some Encodable)?) throws(ServiceCallError) -> ByteBuffer? {
        guard let body else { return nil }
        do {
            return try WireJSON.encode(body)
        } catch {
            throw .malformedReply(service: service, reason: "request could not be written: \(error)")
        }
    }

    private func perform(
        _ method: String, _ target: String, body: ByteBuffer?, in context: CallContext
    ) async throws(ServiceCallError) -> ClientResponse {
        var pauseMilliseconds = Self.firstPauseMilliseconds
        var attempt = 1
        var mayHaveActed = false
        while true {
            let failure: ServiceCallError
            do throws(ServiceCallError) {
                return try await attemptOnce(method, target, body: body, in: context)
            } catch {
                mayHaveActed = mayHaveActed || error.outcomeUnknown
                failure = error.remembering(mayHaveActed)
            }
            guard attempt < Self.attemptsMax, failure.mayHealByTime else { throw failure }
            let pause = Duration.milliseconds(Int64(Double.random(in: 0.5...1) * pauseMilliseconds))
            guard context.deadline.remaining > pause else { throw failure }
            do { try await Task.sleep(for: pause) } catch { throw cancelled() }
            attempt += 1
            pauseMilliseconds *= 3
        }
    }

    private func attemptOnce(
        _ method: String, _ target: String, body: ByteBuffer?, in context: CallContext
    ) async throws(ServiceCallError) -> ClientResponse {
        let request = ClientRequest(
            method: method, target: target, headers: try headers(hasBody: body != nil, in: context), body: body)
        let response: ClientResponse
        do {
            response = try await http.send(request, to: replicas, deadline: context.deadline)
        } catch {
            throw .unreachable(service: service, outcomeUnknown: error.mayHaveBeenProcessed, reason: "\(error)")
        }
        guard (200..<300).contains(response.status) else { throw refusal(response) }
        return response
    }

    private func headers(hasBody: Bool, in context: CallContext) throws(ServiceCallError) -> HeaderFields {
        var headers = HeaderFields()
        do {
            headers.add("Authorization", "Bearer \(try credentials.bearerToken(for: service))")
        } catch {
            throw .unreachable(service: service, outcomeUnknown: false, reason: "no credentials: \(error)")
        }
        headers.add("Request-Deadline-Ms", String(context.deadline.remaining.wholeMilliseconds))
        if let traceparent = context.traceparent { headers.add("traceparent", traceparent) }
        if hasBody { headers.add("Content-Type", "application/json") }
        return headers
    }

    private func refusal(_ response: ClientResponse) -> ServiceCallError {
        guard let problem = try? WireJSON.decode(ProblemDocument.self, from: response.body) else {
            return .malformedReply(service: service, reason: "status \(response.status) without a problem document")
        }
        return .refused(problem)
    }

    private func cancelled() -> ServiceCallError {
        .unreachable(service: service, outcomeUnknown: true, reason: "cancelled while waiting to try again")
    }
}

extension ServiceCallError {
    /// The error of a last attempt, after one whose outcome may be unknown: what might have happened then still may.
    fileprivate func remembering(_ mayHaveActed: Bool) -> ServiceCallError {
        guard mayHaveActed, case .unreachable(let service, false, let reason) = self else { return self }
        return .unreachable(service: service, outcomeUnknown: true, reason: reason)
    }

    /// Whether the same call may succeed a moment later.
    fileprivate var mayHealByTime: Bool {
        switch self {
        case .refused(let problem): problem.status == 503
        case .unreachable: true
        case .malformedReply: false
        }
    }
}
