import Checker
import Contracts
import LoadKit

/// One buyer's visit: pick, reserve, be told that somebody was quicker, pick again, pay.
struct BuyerVisit: Sendable {
    let client: APIClient
    let eventID: String
    let payment: PaymentMethod
    let plan: RushPlan
    let pool: SeatPool
    let persistence: Persistence

    private static let pauseWhenAllHeld = Duration.milliseconds(200)

    func run(_ tally: inout RushTally) async throws -> Outcome {
        let began = ContinuousClock.now
        for _ in 0..<plan.picksMax {
            guard !persistence.isStopped() else { return .outpaced }
            switch try await pool.pick(plan.seatsPerOrder) {
            case .soldOut: return .soldOut
            case .allHeld: try await Task.sleep(for: Self.pauseWhenAllHeld)
            case .seats(let seats):
                switch try await reserve(seats, &tally) {
                case .taken: continue
                case .ended(let outcome): return outcome
                case .held(let reservation):
                    let outcome = try await pay(for: reservation, &tally)
                    if outcome == .bought { tally.times.record(.purchase, ContinuousClock.now - began) }
                    return outcome
                }
            }
        }
        return .outpaced
    }

    private enum Attempt {
        case held(ReservationDocument)
        case taken
        case ended(Outcome)
    }

    private func reserve(_ seats: [String], _ tally: inout RushTally) async throws -> Attempt {
        let key = SecureRandom.hexadecimal(bytes: 16)
        let request = ReservationRequest(eventId: eventID, seatNumbers: seats)
        let began = ContinuousClock.now
        let reply = try await persistence.send(retries: &tally.retries) {
            try await client.reserve(request, key: key)
        }
        let took = ContinuousClock.now - began
        guard let reply else { return .ended(.unknown) }
        switch reply.status {
        case 201:
            tally.times.record(.reserve, took)
            await pool.remove(seats)
            return .held(try reply.decode())
        case 409:
            tally.times.record(.refusal, took)
            tally.conflicts += 1
            // Seats that are only being taken at this moment may stay free after all: they are not forgotten.
            if let problem = reply.problem, problem.code != "seat-locked" {
                await pool.remove(problem.conflicts ?? seats)
            }
            return .taken
        default: return .ended(tally.surprise(reply))
        }
    }

    private func pay(for reservation: ReservationDocument, _ tally: inout RushTally) async throws -> Outcome {
        let key = SecureRandom.hexadecimal(bytes: 16)
        let began = ContinuousClock.now
        let reply = try await persistence.send(retries: &tally.retries) {
            try await client.confirm(reservation.reservationId, payment: payment, key: key)
        }
        guard let reply else { return .unknown }
        switch reply.status {
        case 201: break
        case 202:
            let outcome = try await follow(try reply.decode(), &tally)
            guard outcome == .bought else { return outcome }
        case 402:
            _ = try await persistence.send(retries: &tally.retries) {
                try await client.release(reservation.reservationId)
            }
            return .declined
        case 410: return .expired
        default: return tally.surprise(reply)
        }
        tally.times.record(.confirm, ContinuousClock.now - began)
        tally.seatsBought += reservation.seats.count
        let booking = try reply.decode(BookingDocument.self)
        tally.acknowledged.append(
            AcknowledgedBooking(bookingID: booking.bookingId, seatNumbers: reservation.seats.map(\.seatNumber)))
        return .bought
    }

    /// Asks what became of a payment whose outcome was not known at first.
    private func follow(_ booking: BookingDocument, _ tally: inout RushTally) async throws -> Outcome {
        let deadline = ContinuousClock.now + plan.patience
        while ContinuousClock.now < deadline, !persistence.isStopped() {
            let reply = try await persistence.send(retries: &tally.retries) {
                try await client.send("GET", "/api/bookings/\(booking.bookingId)")
            }
            guard let reply else { return .unknown }
            guard reply.status == 200 else { return tally.surprise(reply) }
            switch try reply.decode(BookingDocument.self).status {
            case .pending: try await Task.sleep(for: Self.pauseWhenAllHeld)
            case .confirmed: return .bought
            case .failed: return .declined
            case .cancelled, .refunded: return .expired
            }
        }
        return .unknown
    }
}
