import LoadKit

/// What came of a run.
struct SeedReport: Sendable, Equatable, CustomStringConvertible {
    /// Events of the plan.
    let events: Int
    /// Made by this run.
    var made = 0
    /// There before it.
    var found = 0
    /// Left out because their date has passed since the catalogue was begun.
    var over = 0
    /// Without an answer that counts; the next run tries them again.
    var unanswered = 0
    /// Requests that were repeated.
    var retries = 0
    var wasStopped = false
    var seconds = 0.0

    init(events: Int) {
        self.events = events
    }

    var isComplete: Bool { made + found + over == events }

    var description: String {
        var parts = ["\(made) made", "\(found) there already"]
        if over > 0 { parts.append("\(over) left out, being over") }
        if unanswered > 0 { parts.append("\(unanswered) without an answer") }
        let missing = events - made - found - over - unanswered
        if missing > 0 { parts.append("\(missing) not begun") }
        let verdict = isComplete ? "the catalogue is there" : "run it again to go on"
        return "\(events) events: \(parts.joined(separator: ", ")), in \(fixed(seconds, 1)) s; \(verdict)"
    }
}
