import NIOCore

/// A command, or several that belong together, on its way to a result.
struct PendingRequest: Sendable {
    /// Who waits for the result; resumed exactly once, by whoever takes the request out of its queue.
    enum Waiter: Sendable {
        case one(CheckedContinuation<Result<RedisValue, RedisError>, Never>)
        case many(CheckedContinuation<Result<[RedisValue], RedisError>, Never>)
    }

    var waiter: Waiter
    var replyCount: Int
    var deadline: NIODeadline

    func succeed(_ value: RedisValue) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .success(value))
        case .many(let continuation): continuation.resume(returning: .success([value]))
        }
    }

    func succeed(_ values: [RedisValue]) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .success(values.first ?? .null))
        case .many(let continuation): continuation.resume(returning: .success(values))
        }
    }

    func fail(_ error: RedisError) {
        switch waiter {
        case .one(let continuation): continuation.resume(returning: .failure(error))
        case .many(let continuation): continuation.resume(returning: .failure(error))
        }
    }
}
