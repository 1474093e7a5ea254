import Contracts
import Synchronization

/// An inventory in memory that applies rules by version and can be made to fail.
final class FakeStock: StockClient {
    enum Failure: Sendable {
        /// Nothing reaches it.
        case down
        /// It takes the rules, but its answer is lost.
        case replyLost
        case refuses(ProblemDocument)
    }

    private struct State {
        var rules: [String: EventRules] = [:]
        var sold: [String: Int] = [:]
        var failure: Failure?
        var puts = 0
        var reads: [[String]] = []
    }

    private let state = Mutex(State())

    var puts: Int { state.withLock { $0.puts } }
    /// The ids of each call that asked for stock.
    var reads: [[String]] { state.withLock { $0.reads } }

    func rules(of eventID: String) -> EventRules? { state.withLock { $0.rules[eventID] } }

    var allRules: [EventRules] { state.withLock { Array($0.rules.values) } }

    func fail(_ failure: Failure?) { state.withLock { $0.failure = failure } }

    func sell(_ count: Int, of ticketTypeID: String) { state.withLock { $0.sold[ticketTypeID, default: 0] += count } }

    func forget(_ eventID: String) { state.withLock { $0.rules[eventID] = nil } }

    func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError) {
        let failure = state.withLock { state in
            state.puts += 1
            if case .down = state.failure { return state.failure }
            if case .refuses = state.failure { return state.failure }
            if (state.rules[rules.eventId]?.version ?? 0) < rules.version { state.rules[rules.eventId] = rules }
            return state.failure
        }
        try Self.check(failure)
    }

    func stock(of eventIDs: [String], in context: CallContext) async throws(ServiceCallError) -> [EventStock] {
        let (failure, stock) = state.withLock { state in
            state.reads.append(eventIDs)
            return (state.failure, eventIDs.compactMap { id in state.rules[id].map { Self.stock($0, state.sold) } })
        }
        try Self.check(failure)
        return stock
    }

    private static func stock(_ rules: EventRules, _ sold: [String: Int]) -> EventStock {
        var types: [String: TicketTypeStock] = [:]
        for type in rules.ticketTypes {
            types[type.ticketTypeId] = TicketTypeStock(
                total: type.capacity, reserved: 0, sold: sold[type.ticketTypeId] ?? 0)
        }
        return EventStock(eventId: rules.eventId, version: 7, ticketTypes: types)
    }

    private static func check(_ failure: Failure?) throws(ServiceCallError) {
        switch failure {
        case nil: return
        case .down: throw .unreachable(service: .inventory, outcomeUnknown: false, reason: "refused")
        case .replyLost: throw .unreachable(service: .inventory, outcomeUnknown: true, reason: "closed")
        case .refuses(let problem): throw .refused(problem)
        }
    }
}
