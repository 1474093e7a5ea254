import Contracts

@testable import inventory

/// One request of a history, which the stock does whole or not at all.
struct Operation: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        /// Seats by number; a `fence` that is not the operation's own is that of a lock that was lost since.
        case reserveSeats([String], fence: Int64, key: Int?)
        /// Places by ticket type.
        case reserveItems([Int: Int], key: Int?)
        case bestAvailable(type: Int?, section: String?, quantity: Int)
        /// Of the reservation that an earlier operation made.
        case release(of: Int)
        case releaseSeat(String, of: Int)
        case heartbeat(of: Int, isHidden: Bool)
        case pin(of: Int, booking: String)
        case unpin(of: Int, booking: String)
        case commit(of: Int, booking: String)
        case checkOut([Int: Int])
        case heartbeatCheckout(isHidden: Bool)
        case releaseCheckout
        case addPlaces(Int)
        case addSeats([String])
        /// Of the line of a ticket type that the cart has when the group of the operation begins.
        case setQuantity(Int, ofType: Int)
        case clearCart
        case checkOutCart
        /// All rules anew: how many stand, and whether the event is on sale.
        case putRules(standing: Int, isCancelled: Bool)
        case sweep
    }

    /// Unique in the history.
    let id: Int
    /// Who asks: an index into ``ModelHall/people``.
    let person: Int
    /// Which replica is asked.
    let replica: Int
    let action: Action

    /// The operation whose reservation is meant.
    var target: Int? {
        switch action {
        case .release(let target), .releaseSeat(_, let target), .heartbeat(let target, _), .pin(let target, _),
            .unpin(let target, _), .commit(let target, _):
            target
        default: nil
        }
    }
}

/// What happened to one operation, as its caller sees it.
enum Outcome: Hashable, Sendable {
    /// Places of a reservation, which is numbered in the order in which reservations were heard of.
    struct Held: Hashable, Sendable {
        let number: Int
        let lines: [Line]
        let endsAt: Timestamp
        let totalMinorUnits: Int64
    }

    struct Line: Hashable, Sendable {
        let type: Int
        let quantity: Int
        /// In seat order of their numbers.
        let seats: [String]
    }

    struct CartLine: Hashable, Sendable {
        let type: Int
        let quantity: Int
        let seats: [String]
        let number: Int
        let hold: Int?
        let isReserved: Bool
    }

    case done
    case held(Held)
    case replayed
    case keyReused
    case refused(ReservationRefusal)
    case cart([CartLine], status: CartStatus, expiresAt: Timestamp)
    case cartRefused(CartRefusal)
    case checkedOut([Held])
    case decided(RulesDecision)
    /// What should never happen.
    case failed(String)
}

/// What can be asked for at once: each thread one after the other, the threads in any order.
struct OperationGroup: Hashable, Sendable {
    var threads: [[Operation]]
    /// How far the clock moves before the group begins.
    var pause: Duration

    var operations: [Operation] { threads.flatMap { $0 } }
}

extension OperationGroup: CustomStringConvertible {
    var description: String {
        let lines = threads.map { thread in
            thread.map { "#\($0.id) \(ModelHall.people[$0.person])@\($0.replica) \($0.action)" }
                .joined(separator: ", then ")
        }
        return "after \(pause):\n    " + lines.joined(separator: "\n    ")
    }
}
