import Contracts
import Synchronization

extension FakeInventory: SaleClient {
    func keep(
        _ kept: KeptPlaces, of reservationID: String, in context: CallContext
    ) async throws(ServiceCallError) {
        try await faults.call(.keep) { () throws(ServiceCallError) in
            try self.edit(reservationID) { reservation throws(ServiceCallError) in
                guard reservation.soldTo == kept.bookingId else { throw .refused(404, "not-found") }
                // A sale only shrinks: what an older message would bring back stays free.
                let seats = reservation.seatsSold
                let places = reservation.placesSold
                let shrunk = KeptPlaces(
                    bookingId: kept.bookingId,
                    lines: kept.lines.map { line in
                        KeptPlaces.Line(
                            ticketTypeId: line.ticketTypeId,
                            quantity: line.seatNumbers.isEmpty
                                ? line.quantity : line.seatNumbers.count { seats.contains($0) },
                            seatNumbers: line.seatNumbers.filter(seats.contains))
                    })
                if shrunk.lines.reduce(0, { $0 + $1.quantity }) <= places { reservation.kept = shrunk }
            }
        }
    }

    func beginRefunds(ofEvent eventID: String, in context: CallContext) async throws(ServiceCallError) {
        try await faults.call(.beginRefunds) { () throws(ServiceCallError) in
            guard self.cancelledEvents.withLock({ $0.contains(eventID) }) else {
                throw .refused(409, "event-not-cancelled")
            }
        }
    }
}
