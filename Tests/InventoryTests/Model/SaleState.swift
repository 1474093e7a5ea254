import Contracts

@testable import inventory

/// All that people can see of an event, when nobody asks for anything.
struct SaleState: Hashable, Sendable {
    struct Hold: Hashable, Sendable {
        let status: ReservationStatus
        let lines: [Outcome.Line]
        /// Of a living hold.
        let endsAt: Timestamp?
        let booking: String?
    }

    var stock: [Int: TicketTypeStock] = [:]
    var seats: [String: SeatStatus] = [:]
    var holds: [Int: Hold] = [:]
    /// By person, those who ever had one.
    var carts: [Int: Outcome] = [:]

    /// What of it is not as in `other`, for people.
    func differences(from other: SaleState) -> [String] {
        var lines: [String] = []
        func compare<Key: Hashable, Value: Equatable>(_ name: String, _ left: [Key: Value], _ right: [Key: Value]) {
            for key in Set(left.keys).union(right.keys) where left[key] != right[key] {
                lines.append("\(name) \(key): \(Self.text(left[key])) instead of \(Self.text(right[key]))")
            }
        }
        compare("ticket type", stock, other.stock)
        compare("seat", seats, other.seats)
        compare("hold", holds, other.holds)
        compare("cart of", carts, other.carts)
        return lines
    }

    private static func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "nothing" }
}

extension SaleModel {
    /// What people should see.
    var state: SaleState {
        var state = SaleState()
        for type in hall.typeIDs.indices {
            state.stock[type] = TicketTypeStock(
                total: ModelHall.capacity(of: type, standing: standing), reserved: reserved(of: type),
                sold: sold(of: type))
        }
        for number in ModelHall.numbers { state.seats[number] = .available }
        for (number, hold) in holds {
            if isAlive(hold) { for seat in hold.seats { state.seats[seat] = .reserved } }
            if isSold(hold) { for seat in hold.seats { state.seats[seat] = .sold } }
            var booking: String?
            if case .sold(let buyer) = hold.state { booking = buyer }
            state.holds[number] = SaleState.Hold(
                status: status(of: hold), lines: hold.lines, endsAt: isAlive(hold) ? hold.endsAt : nil,
                booking: booking)
        }
        for (person, cart) in carts { state.carts[person] = view(of: cart) }
        return state
    }
}
