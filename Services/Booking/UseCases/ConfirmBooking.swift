import Contracts
import ServiceKit

/// Sells a reservation to its holder: once, for one payment, with one answer, however often it is asked.
struct ConfirmBooking: Sendable {
    /// What a buyer asks for.
    struct Order: Sendable {
        /// How the buyer names what is bought.
        enum Subject: Sendable, Hashable {
            case reservation(String)
            /// What the buyer's checkout of an event holds.
            case checkout(eventID: String)
        }

        let userID: String
        let subject: Subject
        let payment: PaymentMethod?
        let key: IdempotencyKey
        /// Tells this request from another one under the same key.
        let fingerprint: String
        /// Written on the tickets, instead of what was said at the reservation.
        var notes: String?
    }

    struct Answer: Sendable, Hashable {
        let reply: StoredReply
        /// Whether it was given before.
        let isReplayed: Bool
    }

    let store: SagaStore
    let reservations: any ReservationClient
    let runner: SagaRunner
    let clock: any WallClock
    let timing: RecoveryTiming
    /// Names this process in leases.
    let process: String

    private static let referencesTriedMax = 3

    /// Confirms `order`.
    ///
    /// - Throws: ``Problem`` for what was refused before it was executed
    func execute(_ order: Order, _ call: CallContext) async throws -> Answer {
        for _ in 0..<Self.referencesTriedMax {
            switch try await begin(order, call) {
            case .started(let booking): return try await buy(booking, order, call)
            case .replay(let reply): return Answer(reply: reply, isReplayed: true)
            case .acknowledged(let booking):
                return Answer(reply: try BookingAnswers.pending(booking), isReplayed: true)
            case .inFlight: throw Problem.requestInProgress(retryAfter: .seconds(1))
            case .mismatch: throw Problem.idempotencyKeyReused
            case .reservationTaken(.confirmed): throw Problem.reservationConfirmed
            case .reservationTaken: throw Problem.paymentInProgress
            case .reservationForeign: throw Problem.notFound("reservation")
            case .referenceTaken: continue
            }
        }
        throw Problem.overloaded()
    }

    private func begin(_ order: Order, _ call: CallContext) async throws -> SagaStore.Beginning {
        let now = clock.now()
        guard let reservationID = try await reservationID(of: order, call) else {
            // A hold that was bought is none any more: then this is a repeat.
            let known = try await store.known(order.key, fingerprint: order.fingerprint, of: order.userID, at: now)
            guard let known else { throw Problem.nothingHeld }
            return known
        }
        let new = NewBooking(
            userID: order.userID, reservationID: reservationID, at: now,
            lease: SagaLease(owner: process, until: now + timing.lease, epoch: 1))
        return try await store.begin(new, key: order.key, fingerprint: order.fingerprint)
    }

    /// The reservation that `order` is about; nil when the buyer's checkout holds nothing.
    private func reservationID(of order: Order, _ call: CallContext) async throws -> String? {
        switch order.subject {
        case .reservation(let id): return id
        case .checkout(let eventID):
            do {
                return try await reservations.checkout(of: order.userID, on: eventID, in: call).reservationId
            } catch .refused(let problem) where problem.status == 410 {
                return nil
            } catch {
                throw Problem.dependencyUnavailable
            }
        }
    }

    private func buy(_ booking: Booking, _ order: Order, _ call: CallContext) async throws -> Answer {
        try await runner.reach(.beginRecorded)
        var work = SagaWork(booking, payment: order.payment, notes: order.notes, call: call)
        let end = try await runner.run(SagaMachine.begin(), &work)
        if let reply = work.reply { return Answer(reply: reply, isReplayed: false) }
        switch end {
        case .handedOver where work.isAwaitingOutcome:
            return Answer(reply: try BookingAnswers.pending(work.booking), isReplayed: false)
        case .superseded: throw Problem.requestInProgress(retryAfter: .seconds(1))
        case .confirmed, .compensated, .dropped, .handedOver: throw work.refusal ?? Problem.dependencyUnavailable
        }
    }
}
