import Synchronization

/// Orders of two seats side by side, from the front of one hall after the other.
final class EngineHall: Sendable {
    /// An event and the one type of its tickets.
    struct Event: Sendable, Hashable {
        let id: String
        let typeID: String
    }

    /// What one buyer wants.
    struct Order: Sendable {
        let event: Event
        let userID: String
        let numbers: [String]
        let ordinals: [Int64]
    }

    struct SoldOut: Error, CustomStringConvertible {
        var description: String { "all halls were sold before the time was over" }
    }

    static let section = "A"
    static let rows = 1000
    static let seatsPerRow = 100
    static let orders = rows * seatsPerRow / 2
    /// Of each hall.
    private static let buyers = 10_000

    private let events: [Event]
    private let taken = Atomic<Int>(0)

    init(_ events: [Event]) {
        self.events = events
    }

    /// - Throws: ``SoldOut`` when nothing is left
    func nextOrder() throws -> Order {
        let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < events.count * Self.orders else { throw SoldOut() }
        let event = events[number / Self.orders]
        let first = 2 * (number % Self.orders)
        let ordinals = [first, first + 1]
        return Order(
            event: event, userID: "\(number % Self.buyers)-\(event.id)",
            numbers: ordinals.map { "\(Self.section)-\($0 / Self.seatsPerRow + 1)-\($0 % Self.seatsPerRow + 1)" },
            ordinals: ordinals.map(Int64.init))
    }
}
