import Contracts
import DatabaseKit

/// Decides about one version of an event's rules and takes them over, within a caller's transaction.
///
/// What is held and sold decides: rules that would take places away from buyers are refused as a whole. The decision is
/// stored with its version, so that a repeat is answered the same and an older attempt that comes late changes nothing.
struct EventRulesTransaction: Sendable {
    let rules: EventRules
    let now: Timestamp

    func run(in session: any SQLSession) throws -> RulesDecision {
        if let settled = try SaleEventTable.decision(on: rules.version, of: rules.eventId, in: session) {
            return settled
        }
        let stored = try SaleEventTable.find(rules.eventId, in: session)
        let known = try SectionTable.sections(of: rules.eventId, in: session)
        let wanted = Set(rules.ticketTypes.flatMap(\.sections))
        let added = wanted.subtracting(known)
        let dropped = known.subtracting(wanted).map(\.name).sorted()
        if let stored, let refusal = try refusal(stored, dropping: dropped, in: session) {
            if !added.isEmpty { try SectionTable.deleteAbandonedSeats(of: rules.eventId, in: session) }
            try SaleEventTable.settle(rules.version, of: rules.eventId, refusal, in: session)
            return refusal
        }
        let decision = RulesDecision(.applied)
        try SaleEventTable.upsert(rules, decision, in: session)
        try takeOverSections(dropped, in: session)
        try takeOverTypes(stored, in: session)
        try SaleEventTable.touch(rules.eventId, in: session)
        return decision
    }

    /// Why the rules cannot replace the stored ones; nil when they can.
    private func refusal(
        _ stored: SaleEvent, dropping sections: [String], in session: any SQLSession
    ) throws -> RulesDecision? {
        if rules.status == .active, stored.status == .cancelled,
            try SaleEventTable.hasBegunRefunds(stored.id, in: session)
        {
            return RulesDecision(.refundsBegan)
        }
        // A hold that is past its end stands against nothing.
        try StockMovement.expireAll(of: stored.id, at: now, in: session)
        let capacities = Dictionary(
            rules.ticketTypes.map { ($0.ticketTypeId, $0.capacity) }, uniquingKeysWith: { first, _ in first })
        let current = try SaleEventTable.find(stored.id, in: session)?.ticketTypes ?? []
        let tooSmall = current.filter { $0.stock.reserved + $0.stock.sold > capacities[$0.id, default: 0] }.map(\.id)
        if !tooSmall.isEmpty { return RulesDecision(.capacityBelowSold, conflicts: tooSmall) }
        let taken = try sections.filter { try SectionTable.isTaken($0, of: stored.id, in: session) }
        return taken.isEmpty ? nil : RulesDecision(.seatsTaken, conflicts: taken)
    }

    private func takeOverSections(_ dropped: [String], in session: any SQLSession) throws {
        for name in dropped { try SectionTable.delete(name, of: rules.eventId, in: session) }
        for type in rules.ticketTypes {
            for section in type.sections {
                let isNew = try SectionTable.insert(section, of: type.ticketTypeId, in: rules.eventId, session: session)
                if isNew { try SectionTable.offer(section, of: rules.eventId, in: session) }
            }
        }
    }

    private func takeOverTypes(_ stored: SaleEvent?, in session: any SQLSession) throws {
        for (position, type) in rules.ticketTypes.enumerated() {
            try SaleEventTable.upsert(type, at: position, of: rules.eventId, in: session)
        }
        let kept = Set(rules.ticketTypes.map(\.ticketTypeId))
        for type in stored?.ticketTypes ?? [] where !kept.contains(type.id) {
            try SaleEventTable.delete(type.id, of: rules.eventId, in: session)
        }
    }
}
