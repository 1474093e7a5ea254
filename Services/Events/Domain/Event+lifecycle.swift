import Contracts

/// The steps of an event's life: Draft → Active → Cancelled or Ended, and back from being cancelled or deleted.
///
/// Each gives the event after the step, or nil when it is there already.
extension Event {
    /// On sale.
    func published(at now: Timestamp) throws(EventsError) -> Event? {
        switch (isDeleted, status(at: now)) {
        case (true, _): throw .wrongState(.publish, "deleted")
        case (false, .active): return nil
        case (false, .draft):
            guard now < details.endsAt else { throw .wrongState(.publish, "over") }
            return changed(at: now) { $0.storedStatus = .active }
        case (false, .cancelled): throw .wrongState(.publish, "cancelled")
        case (false, .ended): throw .wrongState(.publish, "over")
        }
    }

    /// Off for good, as far as buyers are concerned; one that was deleted may have sold tickets, so it may be cancelled.
    func cancelled(at now: Timestamp) throws(EventsError) -> Event? {
        switch status(at: now) {
        case .cancelled: nil
        case .draft, .active: changed(at: now) { $0.storedStatus = .cancelled }
        case .ended: throw .wrongState(.cancel, "over")
        }
    }

    /// On sale again after having been cancelled or deleted.
    func reactivated(at now: Timestamp) throws(EventsError) -> Event? {
        guard now < details.endsAt, !hasEnded else { throw .wrongState(.reactivate, "over") }
        switch (isDeleted, storedStatus) {
        case (false, .active): return nil
        case (false, .draft): throw .wrongState(.reactivate, "a draft, which is published instead,")
        default:
            return changed(at: now) { event in
                event.isDeleted = false
                if event.storedStatus == .cancelled { event.storedStatus = .active }
            }
        }
    }

    /// No longer offered, with its tickets readable.
    func deleted(at now: Timestamp) -> Event {
        changed(at: now) { $0.isDeleted = true }
    }

    /// Whether what is for sale may be changed at all.
    func checkChangeable(at now: Timestamp) throws(EventsError) {
        guard !isDeleted else { throw .wrongState(.change, "deleted") }
        switch status(at: now) {
        case .draft, .active: return
        case .cancelled: throw .wrongState(.change, "cancelled")
        case .ended: throw .wrongState(.change, "over")
        }
    }

    private func changed(at now: Timestamp, _ change: (inout Event) -> Void) -> Event {
        var event = self
        change(&event)
        event.version += 1
        event.updatedAt = now
        return event
    }
}
