import Contracts
import Logging
import ServiceKit

/// Finishes the bookings whose worker went missing or had to leave them.
struct RecoverBookings: Sendable {
    let store: SagaStore
    let runner: SagaRunner
    let clock: any WallClock
    let timing: RecoveryTiming
    /// Names this process in leases.
    let process: String
    /// How many bookings are taken up at a time, and how many of them are worked on at once.
    let batchMax: Int
    let concurrencyMax: Int
    let logger: Logger

    /// Takes up what is due.
    ///
    /// - Returns: how many bookings that were; `batchMax` when there may be more
    /// - Throws: what the database throws when it is asked for work
    func execute() async throws -> Int {
        // Ends before the leases do: what came later could record nothing any more.
        let call = CallContext.background(within: timing.lease * 4 / 5)
        let due = try await store.takeUp(owner: process, lease: timing.lease, limit: batchMax)
        await withTaskGroup(of: Void.self) { group in
            for (index, booking) in due.enumerated() {
                if index >= concurrencyMax { await group.next() }
                group.addTask { await recover(booking, call) }
            }
        }
        return due.count
    }

    private func recover(_ booking: Booking, _ call: CallContext) async {
        var work = SagaWork(recovering: booking, process: process, call: call)
        let givesUp = booking.deal.map { clock.now() >= $0.givesUpAt } ?? false
        let saga = SagaMachine.resume(
            at: booking.phase, isFree: booking.deal?.total.minorUnits == 0, failure: booking.failure,
            givesUp: givesUp)
        do {
            let end = try await runner.run(saga, &work)
            logger.log(
                level: end == .handedOver ? .debug : .info, "recovered a booking",
                metadata: ["bookingId": "\(booking.id)", "phase": "\(booking.phase)", "end": "\(end)"])
        } catch {
            logger.warning(
                "could not recover a booking; it is tried again after its lease",
                metadata: ["bookingId": "\(booking.id)", "phase": "\(booking.phase)", "error": "\(error)"])
        }
    }
}
