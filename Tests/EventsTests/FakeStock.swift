import Contracts
import Synchronization

/// An inventory in memory that decides about each version of an event's rules once, and can be made to fail.
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
        var decisions: [String: (version: Int64, decision: RulesDecision)] = [:]
        var sold: [String: Int] = [:]
        /// Rises with every sale; the version of all stock.
        var version: Int64 = 1
        var refundsBegan = false
        var failure: Failure?
        var puts = 0
        var reads: [[String]] = []
        var asked: [[String: Int64]] = []
    }

    private let state = Mutex(State())

    /// How often it was told anything.
    var puts: Int { state.withLock { $0.puts } }
    /// The ids of each call that asked for stock, sorted.
    var reads: [[String]] { state.withLock { $0.reads } }
    /// The versions that each such call said to know.
    var asked: [[String: Int64]] { state.withLock { $0.asked } }

    func rules(of eventID: String) -> EventRules? { state.withLock { $0.rules[eventID] } }

    var allRules: [EventRules] { state.withLock { Array($0.rules.values) } }

    func decision(about eventID: String) -> RulesDecision? { state.withLock { $0.decisions[eventID]?.decision } }

    func fail(_ failure: Failure?) { state.withLock { $0.failure = failure } }

    func sell(_ count: Int, of ticketTypeID: String) {
        state.withLock { state in
            state.sold[ticketTypeID, default: 0] += count
            state.version += 1
        }
    }

    func forget(_ eventID: String) {
        state.withLock { state in
            state.rules[eventID] = nil
            state.version += 1
        }
    }

    func beginRefunds() { state.withLock { $0.refundsBegan = true } }

    func put(_ rules: EventRules, in context: CallContext) async throws(ServiceCallError) -> RulesDecision {
        try decide(rules.eventId, rules.version) { state in
            let tooSmall = rules.ticketTypes.filter { $0.capacity < state.sold[$0.ticketTypeId, default: 0] }
            guard tooSmall.isEmpty else {
                return RulesDecision(.capacityBelowSold, conflicts: tooSmall.map(\.ticketTypeId))
            }
            let isBack = rules.status == .active && state.rules[rules.eventId]?.status == .cancelled
            guard !isBack || !state.refundsBegan else { return RulesDecision(.refundsBegan) }
            state.rules[rules.eventId] = rules
            state.version += 1
            return RulesDecision(.applied)
        }
    }

    func remove(
        _ eventID: String, version: Int64, in context: CallContext
    ) async throws(ServiceCallError) -> RulesDecision {
        try decide(eventID, version) { state in
            let types = state.rules[eventID]?.ticketTypes ?? []
            guard types.allSatisfy({ state.sold[$0.ticketTypeId, default: 0] == 0 }) else {
                return RulesDecision(.closed)
            }
            state.rules[eventID] = nil
            return RulesDecision(.removed)
        }
    }

    func stock(of known: [String: Int64], in context: CallContext) async throws(ServiceCallError) -> StockReport {
        let (failure, report) = state.withLock { state in
            state.reads.append(known.keys.sorted())
            state.asked.append(known)
            let stock = known.keys.compactMap { id in
                state.rules[id].map { Self.stock($0, state.sold, version: state.version) }
            }
            let report = StockReport(
                changed: stock.filter { $0.version != known[$0.eventId] },
                unchanged: stock.filter { $0.version == known[$0.eventId] }.map(\.eventId))
            return (state.failure, report)
        }
        try Self.check(failure)
        return report
    }

    private func decide(
        _ eventID: String, _ version: Int64, _ decide: (inout State) -> RulesDecision
    ) throws(ServiceCallError) -> RulesDecision {
        let (failure, decision) = state.withLock { state -> (Failure?, RulesDecision) in
            state.puts += 1
            if case .down = state.failure { return (state.failure, RulesDecision(.superseded)) }
            if case .refuses = state.failure { return (state.failure, RulesDecision(.superseded)) }
            if let known = state.decisions[eventID], known.version >= version {
                return (state.failure, known.version == version ? known.decision : RulesDecision(.superseded))
            }
            let decision = decide(&state)
            state.decisions[eventID] = (version, decision)
            return (state.failure, decision)
        }
        try Self.check(failure)
        return decision
    }

    private static func stock(_ rules: EventRules, _ sold: [String: Int], version: Int64) -> EventStock {
        var types: [String: TicketTypeStock] = [:]
        for type in rules.ticketTypes {
            types[type.ticketTypeId] = TicketTypeStock(
                total: type.capacity, reserved: 0, sold: sold[type.ticketTypeId] ?? 0)
        }
        return EventStock(eventId: rules.eventId, version: version, ticketTypes: types)
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
