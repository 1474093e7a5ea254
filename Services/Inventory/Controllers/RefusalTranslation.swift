import Contracts
import LockKit
import ServiceKit

/// Turns what the use cases throw into problems; everything else passes.
struct RefusalTranslation: Sendable {
    let clock: any WallClock

    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as ReservationRefusal {
            throw refusal.problem(at: clock.now())
        } catch LockError.invalidRequest {
            // Nothing is out of order: no seat can have such a name.
            throw Problem.invalid("seatNumbers", "must be seat numbers such as A-1-12")
        } catch is LockError {
            throw Problem.unavailable(
                code: "dependency-unavailable", detail: "The seat locks are out of reach; nothing was taken.",
                retryAfter: 1)
        }
    }
}
