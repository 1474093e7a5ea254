import NIOCore

/// A command, or several that belong together, on its way to a result.
struct PendingRequest: Sendable {
    /// Who gets the result; told exactly once, by whoever takes the request out of its queue.
    enum Waiter: Sendable {
        case one(CheckedContinuation<Result<RedisValue, RedisError>, Never>)
        case many(CheckedContinuation<Result<[RedisValue], RedisError>, Never>)
        /// Nobody waits; called on the connection's event loop.
        case told(@Sendable (Result<RedisValue, RedisError>) -> Void)
    }

    var waiter: Waiter
    var replyCount: Int
    var deadline: NIODeadline

    func succeed(_ value: RedisValue) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .success(value))
        case .many(let continuation): continuation.resume(returning: .success([value]))
        case .told(let completion): completion(.success(value))
        }
    }

    func succeed(_ values: [RedisValue]) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .success(values.first ?? .null))
        case .many(let continuation): continuation.resume(returning: .success(values))
        case .told(let completion): completion(.success(values.first ?? .null))
        }
    }

    func fail(_ error: RedisError) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .failure(error))
        case .many(let continuation): continuation.resume(returning: .failure(error))
        case .told(let completion): completion(.failure(error))
        }
    }
}
