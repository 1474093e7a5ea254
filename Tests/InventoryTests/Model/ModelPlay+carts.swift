import Contracts
import DatabaseKit
import ServiceKit
import TestSupport

@testable import inventory

/// Carts, and what is to be seen of everything.
extension ModelPlay {
    func changeCart(
        _ operation: Operation, _ lineID: String?, _ user: String, _ replica: ModelStage.Replica
    ) async throws -> Outcome {
        let now = stage.clock.now()
        switch operation.action {
        case .addPlaces(let quantity):
            let order = CartOrder.places(ticketTypeID: hall.typeIDs[ModelHall.standing], quantity: quantity)
            return cart(try await add(order, by: user, replica), operation)
        case .addSeats(let numbers):
            return cart(try await add(.seats(eventID: hall.eventID, numbers), by: user, replica), operation)
        case .setQuantity(let quantity, _):
            return cart(
                try await replica.carts.setQuantity(
                    quantity, ofLine: lineID ?? UUIDv7.make(at: now), by: user, at: now), operation)
        case .checkOutCart:
            let keyed = KeyedTransaction<[Reservation]>(order: nil, now: now) { _ in
                StoredReply(status: 201, body: "")
            }
            guard case .executed(let reservations, _) = try await replica.carts.checkOut(by: user, keyed) else {
                return .failed("repeated without a key")
            }
            return .checkedOut(reservations.map { places($0, operation) }.sorted { $0.number < $1.number })
        default:
            try await replica.carts.clear(of: user, at: now)
            return .done
        }
    }

    private func add(_ order: CartOrder, by user: String, _ replica: ModelStage.Replica) async throws -> CartView {
        let keyed = KeyedTransaction<CartView>(order: nil, now: stage.clock.now()) { _ in
            StoredReply(status: 201, body: "")
        }
        guard case .executed(let view, _) = try await replica.carts.add(order, by: user, keyed) else {
            throw InventoryFixture.UnexpectedOutcome()
        }
        return view
    }

    private func cart(_ view: CartView, _ operation: Operation?) -> Outcome {
        let lines = view.cart.lines.map { line in
            let hold = line.reservationID.map { id in
                operation.map { number(id, from: $0.id) } ?? number(id)
            }
            return Outcome.CartLine(
                type: type(line.ticketTypeID), quantity: line.quantity, seats: line.seatNumbers,
                number: number(line.id), hold: hold,
                isReserved: view.reservedLines.contains(line.id))
        }
        return .cart(lines.sorted { $0.type < $1.type }, status: view.status, expiresAt: view.expiresAt)
    }

    /// The id of a person's cart line of a ticket type.
    func lineID(ofType type: Int, of person: Int) async throws -> String? {
        try await stage.replicas[0].carts.find(of: user(person), at: stage.clock.now()).cart.lines
            .first { $0.ticketTypeID == hall.typeIDs[type] }?.id
    }

    /// What is to be seen by `people` who have carts and by everyone else, read from either replica.
    func state(cartsOf people: some Sequence<Int>) async throws -> SaleState {
        let replica = stage.replicas[1]
        let now = stage.clock.now()
        var state = SaleState()
        for (id, stock) in try await replica.events.stock(of: [hall.eventID], at: now).first?.ticketTypes ?? [:] {
            state.stock[type(id)] = stock
        }
        let seats = try await replica.events.seats(SeatQuery(eventID: hall.eventID, limit: 1000), at: now)?.seats ?? []
        for seat in seats { state.seats[seat.number] = seat.status }
        let ids = reservationIDs
        let reservations = try await replica.database.read { session in
            try ReservationTable.find(ids.sorted(), in: session)
        }
        for reservation in reservations {
            let status = reservation.status(at: now)
            state.holds[number(reservation.id)] = SaleState.Hold(
                status: status, lines: lines(of: reservation), endsAt: status == .active ? reservation.endsAt : nil,
                booking: reservation.bookingID)
        }
        for person in people {
            state.carts[person] = cart(try await replica.carts.find(of: user(person), at: now), nil)
        }
        return state
    }

    /// Where the counters, the seats and the reservations tell different stories.
    func disagreements() async throws -> [String] {
        let store = ReconciliationStore(database: stage.replicas[0].database)
        guard let books = try await store.read(hall.eventID, after: "", limit: 1000) else { return ["no event"] }
        return books.counters.compactMap { counter in
            let isSeated = counter.seatsTotal > 0
            let agrees =
                counter.stock.reserved == counter.heldByReservations && counter.stock.sold == counter.soldByReservations
                && (!isSeated
                    || (counter.stock.reserved == counter.seatsReserved && counter.stock.sold == counter.seatsSold))
            return agrees ? nil : "the books disagree: \(counter)"
        }
    }
}
