import Contracts
import Logging
import ServiceKit
import TestSupport

@testable import inventory

/// Asks the real thing.
extension ModelPlay {
    /// Carries `operation` out; `lineID` is the cart line that it means.
    func perform(_ operation: Operation, lineID: String?) async -> Outcome {
        do {
            return try await outcome(of: operation, lineID)
        } catch let refusal as ReservationRefusal {
            return .refused(refusal)
        } catch let refusal as CartRefusal {
            return .cartRefused(refusal)
        } catch {
            return .failed("\(error)")
        }
    }

    private func outcome(of operation: Operation, _ lineID: String?) async throws -> Outcome {
        let replica = stage.replicas[operation.replica]
        let user = user(operation.person)
        let now = stage.clock.now()
        switch operation.action {
        case .reserveSeats, .reserveItems, .bestAvailable: return try await reserve(operation, user, replica)
        case .release(let target): try await replica.reservations.release(id(madeBy: target), by: user, at: now)
        case .releaseSeat(let number, let target):
            try await replica.reservations.releaseSeat(number, of: id(madeBy: target), by: user, at: now)
        case .heartbeat(let target, let isHidden):
            return held(
                try await replica.reservations.heartbeat(id(madeBy: target), by: user, isHidden: isHidden, at: now),
                operation)
        case .pin(let target, let booking):
            return held(
                try await replica.reservations.pin(id(madeBy: target), for: booking, by: user, at: now), operation)
        case .unpin(let target, let booking): try await replica.reservations.unpin(id(madeBy: target), from: booking)
        case .commit(let target, let booking): try await replica.reservations.commit(id(madeBy: target), for: booking)
        case .checkOut(let tiers): return try await checkOut(tiers, operation, user, replica)
        case .heartbeatCheckout(let isHidden):
            return held(
                try await replica.reservations.heartbeatCheckout(
                    of: user, on: hall.eventID, isHidden: isHidden, at: now), operation)
        case .releaseCheckout:
            try await replica.reservations.releaseCheckout(of: user, on: hall.eventID, at: now)
        case .addPlaces, .addSeats, .setQuantity, .clearCart, .checkOutCart:
            return try await changeCart(operation, lineID, user, replica)
        case .putRules(let standing, let isCancelled):
            return .decided(
                try await putRules(
                    version: Int64(operation.id) + 1, standing: standing, isCancelled: isCancelled,
                    on: operation.replica))
        case .sweep:
            try await SweepExpiredHolds(
                reservations: replica.reservations, clock: stage.clock, interval: .seconds(1),
                logger: Logger(label: "model"), process: "replica \(operation.replica)"
            ).sweep()
        }
        return .done
    }

    private func reserve(
        _ operation: Operation, _ user: String, _ replica: ModelStage.Replica
    ) async throws -> Outcome {
        var fence: Int64 = 0
        var key: Int?
        let selection: ReservationOrder.Selection
        switch operation.action {
        case .reserveSeats(let numbers, let given, let use):
            (selection, fence, key) = (.seats(numbers), given, use)
        case .reserveItems(let items, let use):
            key = use
            selection = .items(
                items.sorted { $0.key < $1.key }.map { .init(ticketTypeID: hall.typeIDs[$0.key], quantity: $0.value) })
        case .bestAvailable(let type, let section, let quantity):
            selection = .bestAvailable(
                ticketTypeID: type.map { hall.typeIDs[$0] }, section: section, quantity: quantity)
        default: return .failed("not a reservation")
        }
        let idempotency = key.flatMap { IdempotencyKey("key-\($0)") }.map {
            IdempotentOrder(userID: user, key: $0, fingerprint: "\(selection)")
        }
        let outcome = try await ReserveSeats(
            reservations: replica.reservations, locks: GivenFence(fence: fence), clock: stage.clock,
            limits: replica.limits
        ).execute(
            ReservationOrder(
                eventID: hall.eventID, userID: user, selection: selection, customer: nil, notes: nil),
            waitAtMost: nil, idempotency: idempotency
        ) { try StoredReply(status: 201, json: $0.document(at: $0.reservedAt)) }
        switch outcome {
        case .executed(let reservation, _): return held(reservation, operation)
        case .repeated(.replay): return .replayed
        case .repeated(.mismatch): return .keyReused
        case .repeated(let other): return .failed("\(other)")
        }
    }

    private func checkOut(
        _ tiers: [Int: Int], _ operation: Operation, _ user: String, _ replica: ModelStage.Replica
    ) async throws -> Outcome {
        let items = tiers.sorted { $0.key < $1.key }.map {
            CheckoutOrder.Item(tier: ModelHall.typeNames[$0.key], quantity: $0.value)
        }
        let outcome = try await BeginCheckout(
            reservations: replica.reservations, clock: stage.clock, limits: replica.limits
        ).execute(CheckoutOrder(eventID: hall.eventID, userID: user, items: items), idempotency: nil) { _ in
            StoredReply(status: 201, body: "")
        }
        guard case .executed(let checkout, _) = outcome else { return .failed("\(outcome)") }
        return held(checkout.reservation, operation)
    }

    func held(_ reservation: Reservation, _ operation: Operation) -> Outcome {
        .held(places(reservation, operation))
    }

    func places(_ reservation: Reservation, _ operation: Operation) -> Outcome.Held {
        Outcome.Held(
            number: number(reservation.id, from: operation.id), lines: lines(of: reservation),
            endsAt: reservation.endsAt, totalMinorUnits: reservation.total.minorUnits)
    }

    func lines(of reservation: Reservation) -> [Outcome.Line] {
        reservation.lines.map { line in
            Outcome.Line(
                type: type(line.ticketTypeID), quantity: line.quantity, seats: line.seatNumbers.sorted())
        }.sorted { $0.type < $1.type }
    }

    func type(_ id: String) -> Int { hall.typeIDs.firstIndex(of: id) ?? -1 }
}
