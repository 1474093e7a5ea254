import Checker
import Contracts

/// Worlds for the audit to judge: a clean one, and changes that break exactly one thing.
struct FabricatedWorld {
    static let type = "type-1"
    static let price: Int64 = 4950

    /// Two confirmed bookings of two seats each, one that was declined, one that was refunded, four seats left.
    static var clean: AuditWorld {
        AuditWorld(
            counters: [counters(total: 8, sold: 4)],
            sales: [sale("b1", "r1", ["A-1-1", "A-1-2"]), sale("b2", "r2", ["A-1-3", "A-1-4"])],
            bookings: [
                booking("b1", "r1", seats: ["A-1-1", "A-1-2"]),
                booking("b2", "r2", seats: ["A-1-3", "A-1-4"]),
                booking("b3", "r3", .failed, .failed, seats: []),
                booking("b4", "r4", .refunded, .refunded, seats: ["A-1-5", "A-1-6"], tickets: .cancelled),
            ],
            charges: [
                charge("b1"), charge("b2"), charge("b3", .declined, captured: 0, captures: 0),
                charge("b4", refunded: 2 * price),
            ],
            acknowledged: [
                AcknowledgedBooking(bookingID: "b1", seatNumbers: ["A-1-2", "A-1-1"]),
                AcknowledgedBooking(bookingID: "b2", seatNumbers: ["A-1-3", "A-1-4"]),
            ])
    }

    static func booking(
        _ id: String, _ reservation: String, _ status: BookingStatus = .confirmed,
        _ payment: PaymentStatus = .success, seats: [String], tickets: TicketStatus = .purchased,
        cancelled: [String] = [], quantity: Int = 2, total: Int64 = 2 * price
    ) -> BookingReconciliationEntry {
        BookingReconciliationEntry(
            bookingId: id, userId: "user-\(id)", eventId: "event", reservationId: reservation, status: status,
            paymentStatus: payment, totalMinorUnits: total, currency: "USD", chargeKey: "charge-\(id)",
            quantity: quantity,
            tickets: seats.map {
                BookingReconciliationEntry.Ticket(
                    ticketId: "\(id)-\($0)", ticketTypeId: type, seatNumber: $0, priceMinorUnits: price,
                    status: cancelled.contains($0) ? .cancelled : tickets)
            })
    }

    static func charge(
        _ booking: String, _ state: ChargeState = .captured, key: String? = nil, captured: Int64 = 2 * price,
        refunded: Int64 = 0, captures: Int = 1, currency: String = "USD"
    ) -> PaymentReconciliationEntry {
        PaymentReconciliationEntry(
            chargeKey: key ?? "charge-\(booking)", bookingId: booking, userId: "user-\(booking)", state: state,
            currency: currency, capturedMinorUnits: captured, refundedMinorUnits: refunded, captures: captures)
    }

    static func sale(
        _ booking: String, _ reservation: String, _ seats: [String], quantity: Int? = nil
    ) -> InventoryReconciliation.Sale {
        InventoryReconciliation.Sale(
            reservationId: reservation, bookingId: booking, ticketTypeId: type, seatNumbers: seats,
            quantity: quantity ?? seats.count)
    }

    static func counters(
        total: Int, reserved: Int = 0, sold: Int, blocked: Int = 0, seatsSold: Int? = nil, seatsReserved: Int? = nil,
        seatsTotal: Int? = nil, held: Int? = nil, soldByReservations: Int? = nil
    ) -> InventoryReconciliation.Counters {
        InventoryReconciliation.Counters(
            ticketTypeId: type, stock: TicketTypeStock(total: total, reserved: reserved, sold: sold, blocked: blocked),
            seatsSold: seatsSold ?? sold, seatsReserved: seatsReserved ?? reserved, seatsTotal: seatsTotal ?? total,
            heldByReservations: held ?? reserved, soldByReservations: soldByReservations ?? sold)
    }
}
