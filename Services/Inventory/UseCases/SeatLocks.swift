import LockKit

/// Keeps the crowd off the database: of two attempts at one seat, only one gets as far as a transaction.
protocol SeatLocks: Sendable {
    /// Runs `body` with the fence of locks on all of `numbers`, or throws without having any.
    ///
    /// - Throws: ``ReservationRefusal/seatsLocked(_:)`` when somebody else has one of them; `LockError` when the lock
    ///   service cannot say.
    func withLocks<Result: Sendable>(
        on numbers: [String], of eventID: String, waitAtMost: Duration?,
        _ body: @Sendable (_ fence: Int64?) async throws -> Result
    ) async throws -> Result

    /// Takes note that the store refused a fence, and makes the event's next ones exceed all that its seats have seen.
    func fenceWasRefused(on numbers: [String], of eventID: String) async throws
}

/// Locks in Redis.
struct RedisSeatLocks: SeatLocks {
    let locks: LockService
    let events: EventStore

    func withLocks<Result: Sendable>(
        on numbers: [String], of eventID: String, waitAtMost: Duration?,
        _ body: @Sendable (_ fence: Int64?) async throws -> Result
    ) async throws -> Result {
        let resources = numbers.map { Seat.resource(eventID: eventID, number: $0) }
        do {
            return try await locks.withLocks(
                resources, scope: eventID, waitAtMost: waitAtMost, awaitingRelease: false
            ) { grant in
                try await body(grant.token.rawValue)
            }
        } catch LockError.held(let held) {
            let prefix = Seat.resource(eventID: eventID, number: "")
            throw ReservationRefusal.seatsLocked(held.map { String($0.dropFirst(prefix.count)) })
        } catch LockError.fenceUnavailable(let reason) {
            // An event that does not exist has no epoch to raise; asking only here spares everyone else the question.
            guard try await events.find(eventID) != nil else { throw ReservationRefusal.eventUnknown }
            throw LockError.fenceUnavailable(reason)
        }
    }

    func fenceWasRefused(on numbers: [String], of eventID: String) async throws {
        locks.monitor.fenceRefused(numbers.map { Seat.resource(eventID: eventID, number: $0) }, scope: eventID)
        try await locks.renewFence(scope: eventID)
    }
}

#if DEBUG
    /// No locks at all: for the tests that show that the database alone sells nothing twice.
    struct NoSeatLocks: SeatLocks {
        func withLocks<Result: Sendable>(
            on numbers: [String], of eventID: String, waitAtMost: Duration?,
            _ body: @Sendable (_ fence: Int64?) async throws -> Result
        ) async throws -> Result {
            try await body(nil)
        }

        func fenceWasRefused(on numbers: [String], of eventID: String) async throws {}
    }
#endif
