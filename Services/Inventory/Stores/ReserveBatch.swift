import Contracts
import DatabaseKit
import ServiceKit

/// Takes seats by number for several buyers at once: what ``ReserveTransaction`` does for each, in a few statements for
/// all of them.
///
/// It grants, and it refuses seats that others have. Everything else, such as a hold past its end in the way, a repeated
/// key or a rule of sale that is not met, it leaves to that buyer's own transaction, which runs behind it.
struct ReserveBatch {
    /// A buyer at an event.
    struct Holder: Hashable {
        let userID: String
        let eventID: String
    }

    private struct Grant {
        let attempt: ReserveTransaction
        let reservation: Reservation
        let ordinals: [Int64]
        let reply: StoredReply?
    }

    private let session: any SQLSession
    private let events: [String: SaleEvent]
    private let seats: [String: [String: SeatTable.Candidate]]
    /// How many places each buyer holds of each event, those granted here included.
    private var held: [Holder: Int]
    /// The keys that mean something already, or are being used here.
    private var usedKeys: Set<IdempotencyStore.Name>
    private var granted: [Grant] = []
    private var taken: [String: Set<String>] = [:]

    /// An outcome for each of `attempts`; nil for one that has to run by itself.
    static func run(
        _ attempts: [ReserveTransaction], in session: any SQLSession
    ) throws -> [Result<KeyedOutcome<Reservation>, any Error>?] {
        guard let first = attempts.first else { return [] }
        var batch = try ReserveBatch(attempts, first.limits, session)
        let decisions = try attempts.map { try batch.decide($0) }
        try batch.write()
        return decisions
    }

    private init(_ attempts: [ReserveTransaction], _ limits: HoldLimits, _ session: any SQLSession) throws {
        self.session = session
        events = try limits.events(Set(attempts.map(\.order.eventID)), in: session)
        // Attempts that share a commit are made within moments of each other.
        let now = attempts.map(\.keyed.now).max() ?? Timestamp(milliseconds: 0)
        held = try ReservationTable.placesHeld(by: Set(attempts.map(Self.holder)), at: now, in: session)
        usedKeys = try IdempotencyStore().known(Set(attempts.compactMap(\.keyed.name)), session)
        seats = try Dictionary(grouping: attempts, by: \.order.eventID).mapValues { [events] attempts in
            guard let eventID = attempts.first?.order.eventID, events[eventID] != nil else { return [:] }
            let numbers = Set(attempts.flatMap(\.order.seatNumbers))
            return try SeatTable.candidates(numbers.sorted(), of: eventID, at: now, in: session)
        }
    }

    private static func holder(_ attempt: ReserveTransaction) -> Holder {
        Holder(userID: attempt.order.userID, eventID: attempt.order.eventID)
    }

    private mutating func decide(
        _ attempt: ReserveTransaction
    ) throws -> Result<KeyedOutcome<Reservation>, any Error>? {
        let order = attempt.order
        let holder = Self.holder(attempt)
        guard !attempt.keyed.isTooLate, attempt.keyed.name.map({ !usedKeys.contains($0) }) ?? true,
            let event = events[order.eventID],
            attempt.limits.allows(order.quantity, of: event, besides: held[holder, default: 0], at: attempt.keyed.now)
        else { return nil }
        let wanted = order.seatNumbers.compactMap { seats[order.eventID]?[$0] }
            .sorted { $0.seat.ordinal < $1.seat.ordinal }
        guard wanted.count == order.seatNumbers.count, !wanted.contains(where: \.isPastItsEnd) else { return nil }
        let unavailable = wanted.filter { seat in
            seat.seat.status != .available || taken[order.eventID]?.contains(seat.seat.number) == true
        }
        guard unavailable.isEmpty else {
            return .failure(ReservationRefusal.seatsUnavailable(unavailable.map(\.seat.number)))
        }
        guard wanted.allSatisfy({ $0.fence < attempt.fence ?? .max }),
            let lines = try? event.lines(of: wanted.map(\.seat), at: attempt.keyed.now),
            let reservation = try? attempt.reservation(of: lines, event)
        else { return nil }
        let reply = attempt.keyed.order == nil ? nil : try attempt.keyed.reply(reservation)
        held[holder, default: 0] += reservation.quantity
        taken[event.id, default: []].formUnion(order.seatNumbers)
        if let name = attempt.keyed.name { usedKeys.insert(name) }
        granted.append(
            Grant(attempt: attempt, reservation: reservation, ordinals: wanted.map(\.seat.ordinal), reply: reply))
        return .success(.executed(reservation, reply))
    }

    /// Stores what was granted. Of all of it the transaction has read that it is possible.
    private func write() throws {
        for grant in granted {
            try SeatTable.take(
                grant.ordinals, of: grant.reservation.eventID, for: grant.reservation.id,
                fence: grant.attempt.fence, in: session)
        }
        try ReservationTable.insert(granted.map { ($0.reservation, $0.attempt.customerJSON) }, in: session)
        for grant in granted {
            if let reply = grant.reply { try grant.attempt.keyed.keep(reply, in: session) }
        }
        for (eventID, grants) in Dictionary(grouping: granted, by: \.reservation.eventID) {
            let quantities = Dictionary(
                grants.flatMap(\.reservation.lines).map { ($0.ticketTypeID, $0.quantity) }, uniquingKeysWith: +)
            for (typeID, quantity) in quantities {
                try SaleEventTable.move(
                    reserved: quantity, sold: 0, of: typeID, in: eventID,
                    orThrow: ReservationRefusal.soldOut([typeID]), session: session)
            }
            try SaleEventTable.touch(eventID, in: session)
        }
    }
}
