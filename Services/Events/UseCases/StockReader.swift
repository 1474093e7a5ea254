import Contracts
import Logging
import Synchronization

/// Joins events with what inventory has left of them, now.
///
/// A read is never older than any write that was acknowledged before it: it takes part in a call to inventory that
/// begins after it. Calls follow one another, each for everyone who came during the one before, so that a crowd of
/// readers asks no more often than one. What is known already is only checked by its version.
final class StockReader: Sendable {
    /// How many events one call may ask for.
    static let batchMax = 100
    /// How many calls may wait for their turn; further readers are refused at once.
    private static let callsMax = 64
    /// How many events are remembered at least; twice as many at most.
    private static let knownMax = 10_000

    private struct State {
        /// The ids of the calls that did not begin yet, by number.
        var waiting: [Int: Set<String>] = [:]
        /// The newest of these, while readers may still join it.
        var joinable: (number: Int, call: Task<[String: EventStock], any Error>)?
        var last: Task<[String: EventStock], any Error>?
        var callsBegun = 0
        /// Two generations: the older one is forgotten when the younger is full.
        var young: [String: EventStock] = [:]
        var old: [String: EventStock] = [:]
    }

    private let stock: any StockClient
    private let logger: Logger
    private let callDeadline: Duration
    private let state = Mutex(State())

    init(stock: any StockClient, logger: Logger, callDeadline: Duration = .seconds(3)) {
        self.stock = stock
        self.logger = logger
        self.callDeadline = callDeadline
    }

    /// The counters of `events`, which are at most ``batchMax``, by event id.
    ///
    /// - Throws: ``EventsError/inventoryUnavailable``; `CancellationError` when the time of the reader is over
    func stock(of events: [Event]) async throws -> [String: EventStock] {
        guard !events.isEmpty else { return [:] }
        let found: [String: EventStock]
        do {
            found = try await Self.answer(of: join(Set(events.map(\.id))))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning("inventory did not tell its stock", metadata: ["error": "\(error)"])
            throw EventsError.inventoryUnavailable
        }
        let missing = events.lazy.map(\.id).filter { found[$0] == nil }
        if let first = missing.first {
            logger.error(
                "inventory does not know events that are for sale",
                metadata: ["count": "\(missing.count)", "eventId": "\(first)"])
        }
        return found
    }

    func documents(of events: [Event], at now: Timestamp) async throws -> [EventDocument] {
        let stock = try await stock(of: events)
        return events.map { $0.document(stock: stock[$0.id], at: now) }
    }

    func document(of event: Event, at now: Timestamp) async throws -> EventDocument {
        let stock = try await stock(of: [event])
        return event.document(stock: stock[event.id], at: now)
    }

    /// A call that did not begin yet and asks for `ids` among others.
    private func join(_ ids: Set<String>) throws(EventsError) -> Task<[String: EventStock], any Error> {
        let call = state.withLock { state -> Task<[String: EventStock], any Error>? in
            if let (number, call) = state.joinable, let others = state.waiting[number] {
                let all = others.union(ids)
                if all.count <= Self.batchMax {
                    state.waiting[number] = all
                    return call
                }
            }
            guard state.waiting.count < Self.callsMax else { return nil }
            let number = state.callsBegun
            state.callsBegun += 1
            let call = Task { [self, previous = state.last] in
                _ = await previous?.result
                return try await ask(number)
            }
            state.waiting[number] = ids
            state.joinable = (number, call)
            state.last = call
            return call
        }
        guard let call else { throw .inventoryUnavailable }
        return call
    }

    /// What `call` finds. A reader whose own time is over waits no longer; the call goes on for the others.
    private static func answer(
        of call: Task<[String: EventStock], any Error>
    ) async throws -> [String: EventStock] {
        let (answers, continuation) = AsyncThrowingStream<[String: EventStock], any Error>.makeStream()
        Task {
            continuation.yield(with: await call.result)
            continuation.finish()
        }
        for try await found in answers { return found }
        throw CancellationError()
    }

    private func ask(_ number: Int) async throws -> [String: EventStock] {
        let (ids, known) = state.withLock { state in
            if state.joinable?.number == number { state.joinable = nil }
            let ids = state.waiting.removeValue(forKey: number) ?? []
            var known: [String: EventStock] = [:]
            for id in ids { known[id] = state.young[id] ?? state.old[id] }
            return (ids, known)
        }
        var versions: [String: Int64] = [:]
        for id in ids { versions[id] = known[id]?.version ?? 0 }
        let report = try await stock.stock(of: versions, in: .background(within: callDeadline))
        var found: [String: EventStock] = [:]
        for id in report.unchanged { found[id] = known[id] }
        for stock in report.changed { found[stock.eventId] = stock }
        state.withLock { state in
            if state.young.count + found.count > Self.knownMax {
                state.old = state.young
                state.young = [:]
            }
            state.young.merge(found) { $1 }
        }
        return found
    }
}
