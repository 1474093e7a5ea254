/// How write units of one kind are done together, in fewer statements than one after the other.
///
/// When several of its units share a commit, the writer hands over their orders at once. Nothing is lost by it: what
/// ``together`` leaves open, or what becomes of the units when it fails, runs by itself.
package final class UnitMerger<Order: Sendable, Outcome: Sendable>: Sendable {
    /// Does what one order asks for.
    let alone: @Sendable (Order, any SQLSession) throws -> Outcome
    /// Does what orders ask for as if each had run by itself, in their order: an outcome for each, or nil for one that
    /// has to run by itself, behind the others. A failure stands for an order that changed nothing.
    let together: @Sendable ([Order], any SQLSession) throws -> [Result<Outcome, any Error>?]
    /// The most orders that are handed over at once.
    let unitsMax: Int

    package init(
        unitsMax: Int = 64, alone: @escaping @Sendable (Order, any SQLSession) throws -> Outcome,
        together: @escaping @Sendable ([Order], any SQLSession) throws -> [Result<Outcome, any Error>?]
    ) {
        self.unitsMax = unitsMax
        self.alone = alone
        self.together = together
    }

    /// The unit of a caller who waits for the outcome of `order`.
    func unit(_ order: Order) -> CallerUnit<Outcome> {
        CallerUnit(order, self) { [alone] session in try alone(order, session) }
    }
}

/// A ``UnitMerger`` as the writer sees it.
protocol UnitMerging: AnyObject, Sendable {
    /// The most units that are run at once.
    var unitsMax: Int { get }

    /// Runs `units`, which are this merger's; returns those that have to run by themselves.
    func run(_ units: [any WorkUnit], _ session: any SQLSession) throws -> [any WorkUnit]
}

extension UnitMerger: UnitMerging {
    func run(_ units: [any WorkUnit], _ session: any SQLSession) throws -> [any WorkUnit] {
        var callers: [CallerUnit<Outcome>] = []
        var orders: [Order] = []
        var left: [any WorkUnit] = []
        for unit in units {
            guard let caller = unit as? CallerUnit<Outcome>, let order = caller.order as? Order else {
                left.append(unit)
                continue
            }
            guard caller.begin() else { continue }
            callers.append(caller)
            orders.append(order)
        }
        for (caller, outcome) in zip(callers, try together(orders, session)) {
            if let outcome { caller.keep(outcome) } else { left.append(caller) }
        }
        return left
    }
}
