import Contracts
import Logging
import Synchronization

/// What is left of events, asked of inventory when somebody looks and remembered for a moment.
///
/// However many searches show an event, inventory is asked for it once at a time and about once a second: searches that
/// come while it is being asked wait for the same answer. When inventory does not answer, what was known last is told.
///
/// Asked rather than followed: the change feed tells what organizers do, not what buyers do, and in a rush the counters
/// of one event move thousands of times a second. Asking costs what is looked at, at most one call a search; following
/// would cost every replica a write for every sale of every event, seen or not, and a question for all of them after
/// each time that it was away. Inventory calls nobody, so the question closes no circle, and search answers without it.
final class StockBoard: Sendable {
    struct Timing: Sendable {
        /// How long an answer is told without asking again.
        var freshness = Duration.seconds(1)
        /// How long it is told when inventory does not answer.
        var keptFor = Duration.seconds(60)
        /// Deadline of one question; searches wait as long.
        var deadline = Duration.milliseconds(500)
        /// How long inventory is left alone after it did not answer.
        var pauseAfterFailure = Duration.milliseconds(500)
    }

    /// What is known of some events.
    struct Answer: Sendable {
        /// By event id; events of which nothing is known are absent.
        var stock: [String: EventStock] = [:]
        /// Whether all of it is as fresh as it should be.
        var isCurrent = true
    }

    private struct Entry {
        var stock: EventStock
        var heardAt: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var flights: [String: Task<Void, Never>] = [:]
        var flightCount = 0
        var failedAt: ContinuousClock.Instant?
        /// Events whose last stock was sold out, or had something left again after that.
        var changes: [String: Bool] = [:]
    }

    /// How many events one question names.
    static let batchMax = 100
    private static let flightsMax = 8
    private static let entriesMax = 16_384

    private let source: any StockReading
    private let logger: Logger
    private let timing: Timing
    private let state = Mutex(State())

    init(source: any StockReading, logger: Logger, timing: Timing = Timing()) {
        self.source = source
        self.logger = logger
        self.timing = timing
    }

    /// What is left of the events with these ids.
    func stock(of ids: [String]) async -> Answer {
        for flight in board(ids) { await flight.value }
        let now = ContinuousClock.now
        return state.withLock { state in
            var answer = Answer()
            for id in ids {
                let age = state.entries[id].map { now - $0.heardAt }
                if let entry = state.entries[id], let age, age < timing.keptFor { answer.stock[id] = entry.stock }
                // An answer waited for counts as current, however long the wait was.
                if age.map({ $0 > timing.freshness + timing.deadline }) ?? true { answer.isCurrent = false }
            }
            return answer
        }
    }

    /// Events that sold out, or have something left again, since the last call.
    func takeChanges() -> [String: Bool] {
        state.withLock { state in
            defer { state.changes = [:] }
            return state.changes
        }
    }

    /// The questions on their way that tell what is not fresh, with new ones for what nobody asks.
    private func board(_ ids: [String]) -> Set<Task<Void, Never>> {
        let now = ContinuousClock.now
        return state.withLock { state in
            let stale = ids.filter { id in state.entries[id].map { now - $0.heardAt >= timing.freshness } ?? true }
            var flights = Set(stale.compactMap { state.flights[$0] })
            if let failedAt = state.failedAt, now - failedAt < timing.pauseAfterFailure { return flights }
            let missing = Array(Set(stale.filter { state.flights[$0] == nil }))
            for start in stride(from: 0, to: missing.count, by: Self.batchMax) {
                guard state.flightCount < Self.flightsMax else { break }
                let batch = Array(missing[start..<min(start + Self.batchMax, missing.count)])
                var known: [String: Int64] = [:]
                for id in batch { known[id] = state.entries[id]?.stock.version ?? 0 }
                let flight = Task { [known] in await self.ask(known) }
                state.flightCount += 1
                for id in batch { state.flights[id] = flight }
                flights.insert(flight)
            }
            return flights
        }
    }

    private func ask(_ known: [String: Int64]) async {
        do {
            land(known, try await source.stock(of: known, in: .background(within: timing.deadline)))
        } catch {
            logger.debug("inventory did not tell its stock", metadata: ["error": "\(error)"])
            land(known, nil)
        }
    }

    private func land(_ known: [String: Int64], _ heard: StockReport?) {
        let now = ContinuousClock.now
        state.withLock { state in
            state.flightCount -= 1
            for id in known.keys { state.flights[id] = nil }
            guard let heard else {
                state.failedAt = now
                return
            }
            state.failedAt = nil
            makeRoom(for: known.count, &state, now)
            let unchanged = Set(heard.unchanged)
            var changed: [String: EventStock] = [:]
            for stock in heard.changed { changed[stock.eventId] = stock }
            for id in known.keys {
                guard !unchanged.contains(id) else {
                    // One that had to make room meanwhile is asked for anew.
                    state.entries[id]?.heardAt = now
                    continue
                }
                // Inventory does not know it: nothing of it can be bought.
                let stock = changed[id] ?? EventStock(eventId: id, version: 0, ticketTypes: [:])
                if state.entries[id].map(\.stock.isSoldOut) ?? false != stock.isSoldOut {
                    state.changes[id] = stock.isSoldOut
                }
                state.entries[id] = Entry(stock: stock, heardAt: now)
            }
        }
    }

    private func makeRoom(for count: Int, _ state: inout State, _ now: ContinuousClock.Instant) {
        guard state.entries.count + count > Self.entriesMax else { return }
        state.entries = state.entries.filter { now - $0.value.heardAt < timing.freshness }
        if state.entries.count + count > Self.entriesMax { state.entries = [:] }
    }
}
