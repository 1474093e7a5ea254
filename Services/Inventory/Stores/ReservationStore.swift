import Contracts
import DatabaseKit
import ServiceKit

/// Keeps reservations and the stock they take, each change in one transaction.
struct ReservationStore: Sendable {
    private let database: any Database
    private let timing: HoldTiming
    private let rules = SaleEventRules()

    init(database: any Database, timing: HoldTiming) {
        self.database = database
        self.timing = timing
    }

    /// Takes places for a buyer: all of them or none.
    ///
    /// - Throws: ``ReservationRefusal`` when the rules of sale or the stock stand against it.
    func reserve(_ attempt: ReserveTransaction) async throws -> ReserveTransaction.Outcome {
        try await database.write { [rules] session in try attempt.run(in: session, rules: rules) }
    }

    /// What is known of an earlier request with the same key; nil when there was none.
    func knownOutcome(of order: IdempotentOrder, at now: Timestamp) async throws -> IdempotencyStore.Beginning? {
        try await database.read { session in
            try IdempotencyStore().find(
                session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now)
        }
    }

    /// A reservation of any user; nil when there is none.
    func find(_ id: String) async throws -> Reservation? {
        try await database.read { session in try ReservationTable.find(id, in: session) }
    }

    /// A user's reservations, newest first; only those alive at `now` when it is given.
    func reservations(of userID: String, activeAt now: Timestamp?, page: PageRequest) async throws -> [Reservation] {
        try await database.read { session in
            try ReservationTable.of(userID, activeAt: now, page: page, in: session)
        }
    }

    /// Frees what a buyer holds; again for a reservation that ended is fine.
    func release(_ id: String, by userID: String, at now: Timestamp) async throws {
        try await database.write { session in
            let reservation = try Self.owned(id, by: userID, in: session)
            guard reservation.storedStatus != .confirmed else { throw ReservationRefusal.confirmed }
            if try ReservationTable.release(id, at: now, in: session) {
                try StockMovement.free(reservation, in: session)
            } else if reservation.storedStatus == .active {
                throw ReservationRefusal.paymentInProgress
            }
        }
    }

    /// Keeps a buyer's hold alive for one booking's payment.
    func pin(_ id: String, for bookingID: String, by userID: String, at now: Timestamp) async throws -> Reservation {
        let end = timing.pinEnd(from: now)
        let attemptsMax = timing.paymentAttemptsMax
        return try await database.write { session in
            let pinned = try ReservationTable.pin(
                id, for: bookingID, at: now, until: end, attemptsMax: attemptsMax, in: session)
            let reservation = try Self.owned(id, by: userID, in: session)
            guard pinned else { throw Self.refusalToPin(reservation, for: bookingID, at: now) }
            return reservation
        }
    }

    /// Gives a hold its own deadline back, if `bookingID` has the pin.
    func unpin(_ id: String, from bookingID: String) async throws {
        try await database.write { session in
            guard try ReservationTable.find(id, in: session) != nil else {
                throw ReservationRefusal.reservationUnknown
            }
            try ReservationTable.unpin(id, from: bookingID, in: session)
        }
    }

    /// Turns a pinned hold into a sale; the same again changes nothing.
    ///
    /// A hold that ended while its payment was running is sold all the same where its places are still free.
    func commit(_ id: String, for bookingID: String) async throws {
        try await database.write { session in
            guard let reservation = try ReservationTable.find(id, in: session) else {
                throw ReservationRefusal.reservationUnknown
            }
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

    private static func owned(_ id: String, by userID: String, in session: any SQLSession) throws -> Reservation {
        guard let reservation = try ReservationTable.find(id, in: session), reservation.userID == userID else {
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
