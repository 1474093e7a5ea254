import Checker

/// What one worker saw, and with others' added what the whole rush saw.
struct RushTally: Sendable {
    var outcomes: [Outcome: Int] = [:]
    /// Unexpected replies, by `status code`.
    var surprises: [String: Int] = [:]
    var times = StepTimes()
    var conflicts = 0
    var retries = 0
    var seatsBought = 0
    var acknowledged: [AcknowledgedBooking] = []

    mutating func add(_ other: RushTally) {
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        surprises.merge(other.surprises, uniquingKeysWith: +)
        times.add(other.times)
        conflicts += other.conflicts
        retries += other.retries
        seatsBought += other.seatsBought
        acknowledged += other.acknowledged
    }

    mutating func surprise(_ reply: APIReply) -> Outcome {
        surprises["\(reply.status) \(reply.code ?? "")", default: 0] += 1
        return .failed
    }
}
