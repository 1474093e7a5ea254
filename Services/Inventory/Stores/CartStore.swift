import Contracts
import DatabaseKit

/// Keeps carts, each change in one transaction with the holds that belong to it.
struct CartStore: Sendable {
    let database: any Database
    let limits: HoldLimits

    /// A buyer's cart at `now`, and the reservations that hold its lines.
    func find(of userID: String, at now: Timestamp) async throws -> CartView {
        try await database.read { session in
            let cart = try CartTable.newest(of: userID, in: session) ?? .empty(of: userID, at: now)
            return try CartView(cart, at: now, in: session)
        }
    }

    /// Adds to a buyer's cart.
    ///
    /// - Throws: ``CartRefusal`` or, where adding reserves, ``ReservationRefusal``
    func add(
        _ order: CartOrder, by userID: String, _ keyed: KeyedTransaction<CartView>
    ) async throws -> KeyedOutcome<CartView> {
        try await write { session, search in
            try keyed.run(in: session) {
                var change = try change(of: userID, at: keyed.now, in: session, search)
                let addition = Cart.Addition(fingerprint: order.fingerprint, at: keyed.now)
                if keyed.order == nil, change.cart.isDoubleClick(addition) { return try change.view() }
                change.cart.lastAddition = addition
                try change.add(order)
                return try change.store()
            }
        }
    }

    /// Sets the quantity of a line, 0 removes it.
    ///
    /// - Throws: ``CartRefusal`` or, where the cart reserves, ``ReservationRefusal``
    func setQuantity(_ quantity: Int, ofLine id: String, by userID: String, at now: Timestamp) async throws -> CartView
    {
        try await write { session, search in
            var change = try change(of: userID, at: now, in: session, search)
            guard let line = change.cart.lines.first(where: { $0.id == id }) else { throw CartRefusal.itemUnknown }
            try change.set(line, quantity: quantity)
            change.cart.lastAddition = nil
            return try change.store()
        }
    }

    /// Removes all lines; again is fine.
    func clear(of userID: String, at now: Timestamp) async throws {
        try await write { session, search in
            var change = try change(of: userID, at: now, in: session, search)
            guard !change.cart.lines.isEmpty else { return }
            for line in change.cart.lines { try change.set(line, quantity: 0) }
            change.cart.lastAddition = nil
            _ = try change.store()
        }
    }

    /// Reserves what is not reserved yet and closes the cart: all or none. A cart that was checked out is answered the
    /// same again.
    ///
    /// - Throws: ``CartRefusal`` or ``ReservationRefusal``
    func checkOut(
        by userID: String, _ keyed: KeyedTransaction<[Reservation]>
    ) async throws -> KeyedOutcome<[Reservation]> {
        try await write { session, search in
            try keyed.run(in: session) {
                guard let cart = try CartTable.newest(of: userID, in: session) else { throw CartRefusal.empty }
                if cart.storedStatus == .checkedOut { return try CartView.reservations(of: cart, in: session) }
                guard cart.status(at: keyed.now) == .active else { throw CartRefusal.expired }
                guard !cart.lines.isEmpty else { throw CartRefusal.empty }
                var change = CartChange(
                    cart, isNew: false, limits: limits, now: keyed.now, session: session, search: search)
                return try change.checkOut()
            }
        }
    }

    /// Runs one transaction that may take and free places of carts.
    private func write<Result: Sendable>(
        _ body: @escaping @Sendable (_ session: any SQLSession, _ search: SeatSearch) throws -> Result
    ) async throws -> Result {
        try await limits.freeSeats.learning { search in
            try await database.write(.refusable) { session in
                search.restart()
                return try body(session, search)
            }
        }
    }

    /// The cart to change: the buyer's living one, or a new one in place of one that ended.
    private func change(
        of userID: String, at now: Timestamp, in session: any SQLSession, _ search: SeatSearch
    ) throws -> CartChange {
        let newest = try CartTable.newest(of: userID, in: session)
        if let newest, newest.status(at: now) == .active {
            return CartChange(
                newest, isNew: false, limits: limits, now: now, session: session, search: search)
        }
        if var newest, newest.storedStatus == .active {
            for id in Set(newest.lines.compactMap(\.reservationID)).sorted() {
                try CartChange.release(id, at: now, in: session)
            }
            newest.storedStatus = .expired
            newest.version += 1
            _ = try CartTable.update(newest, in: session)
        }
        return CartChange(
            .empty(of: userID, at: now), isNew: true, limits: limits, now: now, session: session, search: search)
    }
}
