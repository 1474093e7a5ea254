import Checker
import Contracts
import HTTPKit
import LoadKit
import TestSupport

/// P9: whole purchases beside reservations alone.
struct Purchases: Benchmark {
    let id = "P9"
    let summary = "purchases through the gateway (reserve, pay, tickets) against reservations alone, SQLite"

    private static let purchases = "purchases"
    private static let reservations = "reservations"
    private static let confirmations = "payments of held seats"
    private static let replays = "repeats of one payment"

    var comparisons: [Comparison] {
        [
            Comparison(
                "purchases/s against reservations/s", .init(Self.purchases, .rate),
                to: .init(Self.reservations, .rate), .atLeast(0.25)),
            Comparison("p99 of a purchase, ms", .init(Self.purchases, .p99)),
            Comparison("CPU of booking, µs a purchase", .init(Self.purchases, .cpu("booking"))),
            Comparison("CPU of inventory, µs a purchase", .init(Self.purchases, .cpu("inventory"))),
            Comparison("CPU of payment, µs a purchase", .init(Self.purchases, .cpu("payment"))),
            Comparison(
                "payments of held seats/s against reservations/s", .init(Self.confirmations, .rate),
                to: .init(Self.reservations, .rate)),
            Comparison("p99 of a payment, ms", .init(Self.confirmations, .p99)),
            Comparison(
                "repeats of a payment, answered from its key, /s", .init(Self.replays, .rate),
                to: .init(Self.reservations, .rate)),
            Comparison("CPU of booking, µs a repeat", .init(Self.replays, .cpu("booking"))),
        ]
    }

    func run(_ rounds: Rounds) async throws {
        try await SaleStage.with { stage in
            try await rounds.measure([
                Contender(Self.purchases) { try await stage.purchase($0) },
                Contender(Self.reservations) { try await stage.reserve($0) },
                Contender(Self.confirmations) { try await stage.confirm($0) },
                Contender(Self.replays) { try await stage.replay($0) },
            ])
        }
    }
}

extension SaleStage {
    /// Sells pairs of seats as fast as they can be paid.
    fileprivate func purchase(_ options: RunOptions) async throws -> Sample {
        let sale = try await newSale(options)
        return try await LoadGenerator.shared.measure(
            stack.gateway, options, try meter([.gateway, .inventory, .booking, .payment])
        ) { _ in PurchaseScript(sale) }
    }

    /// Pays for pairs of seats that were reserved before the time is taken.
    fileprivate func confirm(_ options: RunOptions) async throws -> Sample {
        let reserved = try await reservedOrders(options)
        return try await LoadGenerator.shared.measure(
            stack.gateway, options, try meter([.gateway, .inventory, .booking, .payment])
        ) { _ in ConfirmationScript(reserved) }
    }

    /// Sends the same payment, with its key, again and again after it was executed.
    fileprivate func replay(_ options: RunOptions) async throws -> Sample {
        let admin = try await stack.admin()
        let hall = LoadHall(seats: 100)
        let event = try await admin.createEvent(hall.event("Benchmark", now: SystemClock().now()))
        let token = try await admin.mintGuests(1)[0].accessToken
        let sale = Sale(
            bodies: ReservationRequests.bodies(eventID: event.id, seatNumbers: hall.seatNumbers, seatsPerOrder: 2),
            tokens: [token], gateway: stack.gateway, keyed: false)
        let request = ReservationRequest(eventId: event.id, seatNumbers: [hall.seatNumbers[0]])
        let buyer = stack.client().with(accessToken: token)
        let key = UUIDv7.make(at: SystemClock().now())
        let held: ReservationDocument = try await buyer.reserve(request, key: key).value()
        // Byte for byte what is repeated.
        _ = try await buyer.send(
            "POST", Sale.confirmationPath, text: Sale.confirmation(of: held.reservationId),
            headers: ["Content-Type": "application/json", "Idempotency-Key": held.reservationId]
        ).value(BookingDocument.self)
        let payment = sale.confirmation(0, of: held.reservationId)
        return try await LoadGenerator.shared.measure(
            stack.gateway, options, try meter([.gateway, .inventory, .booking, .payment])
        ) { _ in RepeatedRequest(payment, expecting: 201) }
    }

    /// More than are paid for in the same time.
    private func reservedOrders(_ options: RunOptions) async throws -> ReservedOrders {
        let sale = try await newSale(options)
        let reserved = ReservedOrders(sale)
        _ = try await LoadGenerator.shared.measure(stack.gateway, options, try meter([])) { _ in
            CollectingScript(sale, reserved)
        }
        return reserved
    }
}
