import Checker
import Foundation
import LoadKit

/// What came of a rush, for people as text and for machines as JSON.
struct RushReport: Sendable, Codable, CustomStringConvertible {
    let eventID: String
    let users: Int
    let seats: Int
    let seatsPerOrder: Int
    let concurrency: Int
    let seconds: Double
    let seatsBought: Int
    let bookings: Int
    let bookingsPerSecond: Double
    /// Reservations that somebody quicker made impossible.
    let conflicts: Int
    /// Requests made again because a service was away or an outcome was unknown.
    let retries: Int
    let outcomes: [String: Int]
    /// Replies that should not be, by status and code.
    let surprises: [String: Int]
    /// Milliseconds.
    let latency: [Step: LatencySummary]
    let audit: AuditReport

    init(plan: RushPlan, eventID: String, took: Duration, tally: RushTally, audit: AuditReport) {
        self.eventID = eventID
        users = plan.users
        seats = plan.seats
        seatsPerOrder = plan.seatsPerOrder
        concurrency = plan.concurrency
        seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        seatsBought = tally.seatsBought
        bookings = tally.outcomes[.bought] ?? 0
        bookingsPerSecond = Double(bookings) / max(seconds, 0.001)
        conflicts = tally.conflicts
        retries = tally.retries
        outcomes = Dictionary(uniqueKeysWithValues: tally.outcomes.map { ($0.rawValue, $1) })
        surprises = tally.surprises
        latency = tally.times.summaries
        self.audit = audit
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self)
    }

    var description: String {
        var lines = [
            "",
            "event        \(eventID)",
            "sold         \(seatsBought) of \(seats) seats to \(bookings) of \(users) buyers",
            "time         \(fixed(seconds, 2)) s, \(concurrency) buyers at a time",
            "throughput   \(fixed(bookingsPerSecond, 0)) bookings/s, "
                + "\(fixed(Double(users) / max(seconds, 0.001), 0)) visits/s",
            "contention   \(conflicts) reservations refused because somebody was quicker",
            "retries      \(retries)",
            "outcomes     "
                + outcomes.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        ]
        if !surprises.isEmpty {
            lines.append(
                "surprises    "
                    + surprises.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                    .joined(separator: ", "))
        }
        lines += ["", leftAligned("latency, ms", 13) + columns(["count", "p50", "p90", "p99", "p99.9", "max"])]
        for step in Step.allCases {
            guard let times = latency[step] else { continue }
            let numbers = [times.p50, times.p90, times.p99, times.p999, times.max].map { fixed($0, 1) }
            lines.append(leftAligned("  " + step.rawValue, 13) + columns([String(times.count)] + numbers))
        }
        return (lines + ["", audit.description]).joined(separator: "\n")
    }

    private func columns(_ texts: [String]) -> String {
        texts.map { rightAligned($0, 10) }.joined()
    }
}
