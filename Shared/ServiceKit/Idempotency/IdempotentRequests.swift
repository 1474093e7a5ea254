package import Contracts
package import DatabaseKit
import HTTPTypes
package import Hummingbird
package import NIOCore

/// Gives plain POST routes the idempotency contract: a repeat of an executed request is answered from the store.
package struct IdempotentRequests: Sendable {
    private let database: any Database
    private let fingerprinter: RequestFingerprinter
    private let clock: any WallClock
    private let lease: Duration
    private let store = IdempotencyStore()

    /// - Parameter lease: how long a claim whose process died keeps others away; longer than any request may take
    package init(
        database: any Database, fingerprinter: RequestFingerprinter, clock: any WallClock,
        lease: Duration = .seconds(30)
    ) {
        self.database = database
        self.fingerprinter = fingerprinter
        self.clock = clock
        self.lease = lease
    }

    /// Executes `act` at most once for the key that `request` carries; without one, simply executes it.
    ///
    /// Answers of executed requests (2xx and 402) are kept for 24 hours; every other end lets the key go, and so does a
    /// 202, which is not the answer yet: `act` must then find by the key what it has begun.
    ///
    /// - Parameters:
    ///   - body: the request's body, already collected; call this after its fields were checked
    ///   - scope: the caller's user id
    /// - Throws: 409 `request-in-progress`, 422 `idempotency-key-reused`, or what `act` throws
    package func perform(
        _ request: Request, body: ByteBuffer, scope: String, _ act: () async throws -> Response
    ) async throws -> Response {
        guard let key = try IdempotencyKey.of(request) else { return try await act() }
        let fingerprint = fingerprinter.fingerprint(method: request.method, path: request.uri.path, body: body)
        let now = clock.now()
        let beginning = try await database.write { [store, lease] session in
            try store.begin(session, scope: scope, key: key, fingerprint: fingerprint, now: now, lease: lease)
        }
        guard case .started(let claim) = beginning else { return try beginning.response() }
        let response: Response
        do {
            response = try await act()
        } catch let problem as Problem where problem.status == .paymentRequired {
            response = problem.response(instance: request.uri.path)
        } catch {
            await letGo(claim)
            throw error
        }
        let isDone = (200..<300).contains(response.status.code) && response.status != .accepted
        if isDone || response.status == .paymentRequired {
            try await keep(response, claim)
        } else {
            await letGo(claim)
        }
        return response
    }

    private func keep(_ response: Response, _ claim: IdempotencyClaim) async throws {
        let writer = BufferingWriter()
        try await response.body.write(writer)
        let reply = StoredReply(
            status: response.status.code, contentType: response.headers[.contentType] ?? Response.jsonMediaType,
            body: String(buffer: writer.buffer))
        // Apart from the request's own task: one that was cancelled has acted all the same, and a repeat must learn it.
        let task = Task { [database, store] in
            try await database.write { session in try store.complete(session, claim, reply) }
        }
        _ = try await task.value
    }

    /// Runs apart from the request's own task: one that was cancelled must not keep its key until the lease ends.
    private func letGo(_ claim: IdempotencyClaim) async {
        let task = Task { [database, store] in
            try await database.write { session in try store.abandon(session, claim) }
        }
        _ = await task.result
    }
}

extension Problem {
    /// 409: a request with this key is being executed.
    package static func requestInProgress(retryAfter: Duration) -> Problem {
        .conflict(
            code: "request-in-progress", title: "Request in progress",
            detail: "a request with this idempotency key is being executed",
            retryAfter: min(retryAfter.retryAfterSeconds, 5))
    }

    /// 422: the key belongs to another request.
    package static let idempotencyKeyReused = Problem.unprocessable(
        code: "idempotency-key-reused", title: "Idempotency key reused",
        detail: "this idempotency key was used for another request")
}
