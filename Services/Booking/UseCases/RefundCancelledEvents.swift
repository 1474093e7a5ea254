import Contracts
import Logging
import ServiceKit

/// Cancels every booking of a cancelled event and gives the money back: in the background, a batch at a time, by any
/// replica, and on from where the last one stopped.
struct RefundCancelledEvents: Sendable {
    let jobs: EventRefundStore
    let cancellations: CancellationStore
    let recover: RecoverCancellations
    let sales: any SaleClient
    let clock: any WallClock
    let timing: RecoveryTiming
    /// Names this process in leases.
    let process: String
    /// How many bookings are cancelled at a time.
    let batchMax: Int
    let logger: Logger

    /// How many events a look takes up.
    static let eventsMax = 8

    /// Works on what is due.
    ///
    /// - Returns: how many events have more to do at once
    func execute() async throws -> Int {
        var busy = 0
        for job in try await jobs.takeUp(owner: process, lease: timing.lease, limit: Self.eventsMax) {
            do {
                if try await work(on: job) { busy += 1 }
            } catch {
                logger.warning(
                    "could not go on with the refunds of an event; they are tried again after the lease",
                    metadata: ["eventId": "\(job.eventID)", "error": "\(error)"])
            }
        }
        return busy
    }

    /// Cancels one batch; whether there is more to do at once.
    private func work(on job: EventRefund) async throws -> Bool {
        var job = job
        let batch = try await jobs.confirmed(ofEvent: job.eventID, after: job.position, limit: batchMax)
        guard !batch.isEmpty else { return try await endRound(of: job) }
        if job.state == .due {
            // Told before the first refund: from then on the event cannot be put on sale again.
            guard try await begin(&job) else { return false }
            try await FaultPoint.reach("booking.event-refund.begun")
        }
        let call = CallContext.background(within: timing.lease * 4 / 5)
        var begun: [Cancellation] = []
        for bookingID in batch {
            if let cancellation = try await cancel(bookingID) { begun.append(cancellation) }
        }
        try await FaultPoint.reach("booking.event-refund.cancelled")
        await recover.run(begun, as: "refund:\(process)", call)
        job.position = batch.last ?? job.position
        // Free at once, for whichever replica looks next.
        return try await jobs.record(job, leaseUntil: clock.now())
    }

    private func begin(_ job: inout EventRefund) async throws -> Bool {
        do {
            try await sales.beginRefunds(ofEvent: job.eventID, in: .background(within: timing.lease / 2))
        } catch {
            guard error.problem?.code == "event-not-cancelled" else { throw error }
            job.state = .stopped
            _ = try await jobs.record(job, leaseUntil: clock.now())
            return false
        }
        job.state = .running
        return try await jobs.record(job, leaseUntil: clock.now() + timing.lease)
    }

    private func cancel(_ bookingID: String) async throws -> Cancellation? {
        let order = CancellationOrder(
            bookingID: bookingID, userID: nil, ticketIDs: nil, key: nil, refusal: nil, actor: "refund:\(process)",
            lease: SagaLease(owner: process, until: clock.now() + timing.lease, epoch: 1))
        do {
            guard case .begun(let new) = try await cancellations.begin(order, repliesWith: BookingAnswers.cancelled)
            else { return nil }
            return new
        } catch is CancellationRefusal {
            // Its buyer was quicker, or a ticket changed at this moment: the next round looks again.
            return nil
        }
    }

    /// After the last booking: done when nothing stands any more, else another round a little later.
    private func endRound(of job: EventRefund) async throws -> Bool {
        var job = job
        let isUnsettled = try await jobs.isUnsettled(job.eventID)
        if !isUnsettled { job.state = .done }
        job.position = ""
        _ = try await jobs.record(job, leaseUntil: clock.now() + (isUnsettled ? timing.pauses.lowerBound : .zero))
        return false
    }
}
