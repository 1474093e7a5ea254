import Contracts
import DatabaseKit
import ServiceKit

/// Keeps reservations and the stock they take, each change in one transaction.
struct ReservationStore: Sendable {
    private let database: any Database
    private let timing: HoldTiming
    private let seatOrders = UnitMerger<ReserveTransaction, KeyedOutcome<Reservation>>(
        alone: { attempt, session in
            // Seats that are named are not searched for, so nothing is learnt of them.
            try attempt.run(SeatSearch(attempt.limits.freeSeats), in: session)
        }, together: ReserveBatch.run)

    init(database: any Database, timing: HoldTiming) {
        self.database = database
        self.timing = timing
    }

    /// Takes places for a buyer: all of them or none.
    ///
    /// - Throws: ``ReservationRefusal`` when the rules of sale or the stock stand against it.
    func reserve(_ attempt: ReserveTransaction) async throws -> KeyedOutcome<Reservation> {
        if case .seats = attempt.order.selection { return try await database.write(attempt, by: seatOrders) }
        return try await attempt.limits.freeSeats.learning(fromRefusals: true) { search in
            try await database.write { session in try attempt.run(search, in: session) }
        }
    }

    /// Begins a buyer's checkout or replaces what it holds: all of it, or what was held stays.
    ///
    /// - Throws: ``ReservationRefusal``
    func checkOut(
        _ attempt: CheckoutTransaction
    ) async throws -> KeyedOutcome<CheckoutTransaction.Checkout> {
        // Not enough of the new places is found out after the old ones were freed.
        try await attempt.limits.freeSeats.learning { search in
            try await database.write(.refusable) { session in try attempt.run(search, in: session) }
        }
    }

    /// What is known of an earlier request with the same key; nil when there was none.
    func knownOutcome(of order: IdempotentOrder, at now: Timestamp) async throws -> IdempotencyStore.Beginning? {
        try await database.read { session in
            try IdempotencyStore().find(
                session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now)
        }
    }

    /// A reservation of any user; nil when there is none.
    func find(_ name: String) async throws -> Reservation? {
        try await database.read { session in try ReservationTable.find(name, in: session) }
    }

    /// A buyer's checkout of an event, if it is alive at `now`.
    func checkout(of userID: String, on eventID: String, at now: Timestamp) async throws -> Reservation? {
        let hold = try await database.read { session in
            try ReservationTable.checkoutHold(of: userID, on: eventID, in: session)
        }
        return hold?.status(at: now) == .active ? hold : nil
    }

    /// A page of a user's reservations, newest first, and how many there are; only those alive at `now` when it is
    /// given.
    func reservations(
        of userID: String, activeAt now: Timestamp?, page: PageRequest
    ) async throws -> (page: [Reservation], total: Int) {
        try await database.read { session in
            try ReservationTable.of(userID, activeAt: now, page: page, in: session)
        }
    }

    /// Frees what a buyer holds; again for a reservation that ended is fine.
    func release(_ name: String, by userID: String, at now: Timestamp) async throws {
        try await database.write { session in
            try Self.release(try Self.owned(name, by: userID, in: session), at: now, in: session)
        }
    }

    /// Frees what a buyer's checkout of an event holds, if there is one.
    func releaseCheckout(of userID: String, on eventID: String, at now: Timestamp) async throws {
        try await database.write { session in
            // One that has ended gives nothing back, swept or not.
            guard let hold = try ReservationTable.checkoutHold(of: userID, on: eventID, in: session),
                hold.status(at: now) == .active
            else { return }
            try Self.release(hold, at: now, in: session)
        }
    }

    /// Frees one seat of what a buyer holds, the whole of it with its last one; again for a seat that is free is fine.
    func releaseSeat(_ number: String, of name: String, by userID: String, at now: Timestamp) async throws {
        try await database.write { session in
            let reservation = try Self.owned(name, by: userID, in: session)
            guard reservation.storedStatus != .confirmed else { throw ReservationRefusal.confirmed }
            guard let place = reservation.place(ofSeat: number) else {
                guard try !SeatTable.find([number], of: reservation.eventID, in: session).isEmpty else {
                    throw ReservationRefusal.seatUnknown(number)
                }
                return
            }
            // What has ended gives nothing back, swept or not.
            guard reservation.status(at: now) == .active else { return }
            let rest = reservation.lines(withoutSeat: number)
            guard !rest.isEmpty else { return try Self.release(reservation, at: now, in: session) }
            if try ReservationTable.replaceLines(rest, of: reservation.id, at: now, in: session) {
                try StockMovement.free([place], of: reservation, in: session)
            } else if reservation.storedStatus == .active {
                throw ReservationRefusal.paymentInProgress
            }
        }
    }

    /// Keeps a buyer's hold alive by a sign of life at `now`; a fixed one stays as it is.
    ///
    /// - Throws: ``ReservationRefusal/expired`` when it came too late
    func heartbeat(_ name: String, by userID: String, isHidden: Bool, at now: Timestamp) async throws -> Reservation {
        try await database.write { [timing] session in
            try Self.extend(
                try Self.owned(name, by: userID, in: session), timing, isHidden: isHidden, at: now, in: session)
        }
    }

    /// The same for a buyer's checkout of an event.
    func heartbeatCheckout(
        of userID: String, on eventID: String, isHidden: Bool, at now: Timestamp
    ) async throws -> Reservation {
        try await database.write { [timing] session in
            guard let hold = try ReservationTable.checkoutHold(of: userID, on: eventID, in: session) else {
                throw ReservationRefusal.expired
            }
            return try Self.extend(hold, timing, isHidden: isHidden, at: now, in: session)
        }
    }

    private static func release(_ reservation: Reservation, at now: Timestamp, in session: any SQLSession) throws {
        guard reservation.storedStatus != .confirmed else { throw ReservationRefusal.confirmed }
        try StockMovement.release(reservation, at: now, in: session)
    }

    private static func extend(
        _ reservation: Reservation, _ timing: HoldTiming, isHidden: Bool, at now: Timestamp,
        in session: any SQLSession
    ) throws -> Reservation {
        switch reservation.status(at: now) {
        case .confirmed: throw ReservationRefusal.confirmed
        case .released, .expired: throw ReservationRefusal.expired
        case .active: break
        }
        guard reservation.period.kind == .checkout else { return reservation }
        let period = timing.afterHeartbeat(at: now, isHidden: isHidden, hardEnd: reservation.period.hardExpiresAt)
        guard try ReservationTable.extend(reservation.id, to: period, at: now, in: session),
            let extended = try ReservationTable.find(reservation.id, in: session)
        else { throw ReservationRefusal.expired }
        return extended
    }

    /// Keeps a buyer's hold alive for one booking's payment.
    func pin(_ name: String, for bookingID: String, by userID: String, at now: Timestamp) async throws -> Reservation {
        let end = timing.pinEnd(from: now)
        let attemptsMax = timing.paymentAttemptsMax
        return try await database.write { session in
            let id = try ReservationTable.id(meantBy: name, in: session)
            let pinned = try ReservationTable.pin(
                id, for: bookingID, at: now, until: end, attemptsMax: attemptsMax, in: session)
            let reservation = try Self.owned(id, by: userID, in: session)
            guard pinned else { throw Self.refusalToPin(reservation, for: bookingID, at: now) }
            return reservation
        }
    }

    /// Gives a hold its own deadline back, if `bookingID` has the pin.
    func unpin(_ name: String, from bookingID: String) async throws {
        try await database.write { session in
            guard let reservation = try ReservationTable.find(name, in: session) else {
                throw ReservationRefusal.reservationUnknown
            }
            try ReservationTable.unpin(reservation.id, from: bookingID, in: session)
        }
    }

    /// Turns a pinned hold into a sale; the same again changes nothing.
    ///
    /// A hold that ended while its payment was running is sold all the same where its places are still free.
    func commit(_ name: String, for bookingID: String) async throws {
        try await database.write { session in
            guard let reservation = try ReservationTable.find(name, in: session) else {
                throw ReservationRefusal.reservationUnknown
            }
            let id = reservation.id
            if reservation.storedStatus == .confirmed, reservation.bookingID == bookingID { return }
            guard let event = try SaleEventTable.find(reservation.eventID, in: session),
                event.isActive, event.status != .cancelled
            else { throw ReservationRefusal.notOnSale("The event was cancelled.") }
            if try ReservationTable.confirm(id, from: .active, for: bookingID, in: session) {
                try StockMovement.sell(reservation, in: session)
            } else if try ReservationTable.confirm(id, from: .expired, for: bookingID, in: session) {
                try StockMovement.sellAgain(reservation, in: session)
            } else {
                throw reservation.storedStatus == .active
                    ? ReservationRefusal.paymentInProgress : ReservationRefusal.expired
            }
        }
    }

    /// Makes `owner` the one who sweeps until `end`; false while another replica does.
    func takeSweep(for owner: String, until end: Timestamp, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            try LeaseTable.take("sweep", for: owner, until: end, at: now, in: session)
        }
    }

    /// Ids of active holds that ended by `now`, at most `limit`.
    func ended(by now: Timestamp, limit: Int) async throws -> [String] {
        try await database.read { session in try ReservationTable.ended(by: now, limit: limit, in: session) }
    }

    /// Ends a hold that is past its end at `now`; whether this call ended it.
    func expire(_ id: String, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            guard let reservation = try ReservationTable.find(id, in: session) else { return false }
            return try StockMovement.expire(reservation, at: now, in: session)
        }
    }

    private static func owned(_ name: String, by userID: String, in session: any SQLSession) throws -> Reservation {
        guard let reservation = try ReservationTable.find(name, in: session), reservation.userID == userID else {
            throw ReservationRefusal.reservationUnknown
        }
        return reservation
    }

    private static func refusalToPin(
        _ reservation: Reservation, for bookingID: String, at now: Timestamp
    ) -> ReservationRefusal {
        switch reservation.status(at: now) {
        case .confirmed: .confirmed
        case .released, .expired: .expired
        case .active:
            reservation.isPinned(byOtherThan: bookingID, at: now) ? .paymentInProgress : .tooManyPaymentAttempts
        }
    }
}
