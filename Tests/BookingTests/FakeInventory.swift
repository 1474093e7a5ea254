import Contracts
import Synchronization

@testable import booking

/// Inventory in memory, as strict as the real one about pins; calls can be told to lose their request or their reply.
final class FakeInventory: ReservationClient {
    struct Reservation: Sendable {
        var document: ReservationDocument
        var totalMinorUnits: Int64
        var pinnedBy: String?
        var soldTo: String?
        var isExpired = false
        var isSaleStopped = false
        var commits = 0
        /// What stays of a sale; all of it when nil.
        var kept: KeptPlaces?

        /// The places that are sold.
        var placesSold: Int {
            guard soldTo != nil else { return 0 }
            return kept.map { $0.lines.reduce(0) { $0 + $1.quantity } } ?? document.quantity
        }

        /// The seats that are sold.
        var seatsSold: Set<String> {
            guard soldTo != nil else { return [] }
            return Set(kept.map { $0.lines.flatMap(\.seatNumbers) } ?? document.seats.map(\.seatNumber))
        }
    }

    let faults = CallFaults()
    private let reservations = Mutex<[String: Reservation]>([:])
    let clock: any WallClock
    /// The events that inventory was told are cancelled.
    let cancelledEvents = Mutex<Set<String>>([])

    init(clock: any WallClock) {
        self.clock = clock
    }

    subscript(id: String) -> Reservation? { reservations.withLock { $0[id] } }

    var all: [Reservation] { reservations.withLock { Array($0.values) } }

    func add(_ reservation: Reservation) {
        reservations.withLock { $0[reservation.document.reservationId] = reservation }
    }

    func change(_ id: String, _ change: (inout Reservation) -> Void) {
        reservations.withLock { table in
            guard var reservation = table[id] else { return }
            change(&reservation)
            table[id] = reservation
        }
    }

    func checkout(
        of userID: String, on eventID: String, in context: CallContext
    ) async throws(ServiceCallError) -> CheckoutReference {
        let held = all.first {
            $0.document.userId == userID && $0.document.eventId == eventID && $0.soldTo == nil && !$0.isExpired
        }
        guard let held else { throw .refused(410, "reservation-expired") }
        return CheckoutReference(reservationId: held.document.reservationId)
    }

    func pin(
        _ reservationID: String, _ request: PinRequest, in context: CallContext
    ) async throws(ServiceCallError) -> PinnedReservation {
        try await faults.call(.pin) { () throws(ServiceCallError) in
            try self.edit(reservationID) { reservation throws(ServiceCallError) in
                guard reservation.document.userId == request.userId else { throw .refused(404, "not-found") }
                if reservation.soldTo != nil { throw .refused(410, "reservation-confirmed") }
                if reservation.isExpired { throw .refused(410, "reservation-expired") }
                guard reservation.pinnedBy == nil || reservation.pinnedBy == request.bookingId else {
                    throw .refused(409, "payment-in-progress")
                }
                reservation.pinnedBy = request.bookingId
                return PinnedReservation(
                    reservation: reservation.document, totalMinorUnits: reservation.totalMinorUnits,
                    pinnedUntil: self.clock.now() + .seconds(180))
            }
        }
    }

    func unpin(
        _ reservationID: String, bookingID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await faults.call(.unpin) { () throws(ServiceCallError) in
            try self.edit(reservationID) { reservation throws(ServiceCallError) in
                if reservation.pinnedBy == bookingID { reservation.pinnedBy = nil }
            }
        }
    }

    func commit(
        _ reservationID: String, bookingID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await faults.call(.commit) { () throws(ServiceCallError) in
            try self.edit(reservationID) { reservation throws(ServiceCallError) in
                if reservation.soldTo == bookingID { return }
                guard reservation.pinnedBy == bookingID, reservation.soldTo == nil, !reservation.isExpired else {
                    throw .refused(410, "reservation-expired")
                }
                guard !reservation.isSaleStopped else { throw .refused(409, "not-on-sale") }
                reservation.soldTo = bookingID
                reservation.pinnedBy = nil
                reservation.commits += 1
            }
        }
    }

    func edit<Result>(
        _ id: String, _ body: (inout Reservation) throws(ServiceCallError) -> Result
    ) throws(ServiceCallError) -> Result {
        try reservations.withLock { table throws(ServiceCallError) in
            guard var reservation = table[id] else { throw .refused(404, "not-found") }
            let result = try body(&reservation)
            table[id] = reservation
            return result
        }
    }
}

extension ServiceCallError {
    static func refused(_ status: Int, _ code: String) -> ServiceCallError {
        .refused(ProblemDocument(status: status, code: code, title: code))
    }
}
