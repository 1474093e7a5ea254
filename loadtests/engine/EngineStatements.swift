import Contracts
import DatabaseKit
import ServiceKit

@testable import inventory

/// The SQL of reservations as inventory has it, for all of a commit at once, with nothing around it: no locks, no use
/// case, and no look at what the statements find.
struct EngineStatements: Sendable {
    private struct Row: Sendable {
        let order: EngineHall.Order
        let reservation: Reservation
    }

    private let database: any Database
    private let merger: UnitMerger<Row, Void>

    init(database: any Database, limits: HoldLimits) {
        self.database = database
        merger = UnitMerger(
            alone: { try Self.write([$0], limits, in: $1) },
            together: { rows, session in
                try Self.write(rows, limits, in: session)
                return rows.map { _ in .success(()) }
            })
    }

    func reserve(_ order: EngineHall.Order, at now: Timestamp) async throws {
        let line = Reservation.Line(
            ticketTypeID: order.event.typeID, unitPriceMinorUnits: 4950, quantity: 2,
            seatNumbers: order.numbers)
        let reservation = Reservation(
            id: UUIDv7.make(at: now), eventID: order.event.id, userID: order.userID, lines: [line],
            currency: .usd, customer: nil, notes: nil, reservedAt: now,
            period: HoldTiming().fixed(from: now), ticketing: nil, fencingToken: 1, storedStatus: .active, pin: nil,
            bookingID: nil)
        try await database.write(Row(order: order, reservation: reservation), by: merger)
    }

    private static func write(_ rows: [Row], _ limits: HoldLimits, in session: any SQLSession) throws {
        let byEvent = Dictionary(grouping: rows, by: \.order.event)
        let now = rows.map(\.reservation.reservedAt).max() ?? Timestamp(milliseconds: 0)
        _ = try limits.events(Set(byEvent.keys.map(\.id)), in: session)
        _ = try ReservationTable.placesHeld(
            by: Set(rows.map { .init(userID: $0.order.userID, eventID: $0.order.event.id) }), at: now,
            in: session)
        for (event, rows) in byEvent {
            _ = try SeatTable.candidates(rows.flatMap(\.order.numbers), of: event.id, at: now, in: session)
        }
        for row in rows {
            try SeatTable.take(
                row.order.ordinals, of: row.order.event.id, for: row.reservation.id, fence: 1, in: session)
        }
        try ReservationTable.insert(rows.map { ($0.reservation, nil) }, in: session)
        for (event, rows) in byEvent {
            try SaleEventTable.move(
                reserved: 2 * rows.count, sold: 0, of: event.typeID, in: event.id,
                orThrow: ReservationRefusal.soldOut([]), session: session)
            try SaleEventTable.touch(event.id, in: session)
        }
    }
}
