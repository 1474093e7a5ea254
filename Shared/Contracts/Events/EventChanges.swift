/// A page of the change feed: `GET /internal/events/changes?after=N&limit=M`, oldest change first.
///
/// The feed keeps the latest change of each event, so a follower that was away reads every event once, as it is now.
/// A change is announced once inventory sells by it. An event that was removed is told as it was last, not active. The
/// documents say what is for sale; their counters are those of an event that nothing was sold of, for whoever needs
/// what is left asks for it when it is needed.
///
/// A page is bounded by its bytes as well, so one that is shorter than was asked for need not be the last:
/// ``hasMore`` tells.
package struct EventChanges: Sendable, Codable {
    package struct Change: Sendable, Codable {
        /// Rises with every change of any event; where to go on reading.
        package let sequence: Int64
        package let event: EventDocument

        package init(sequence: Int64, event: EventDocument) {
            self.sequence = sequence
            self.event = event
        }
    }

    package let changes: [Change]
    /// The sequence of the newest change there is. Below what a follower has read, it means that the feed was
    /// restored from an older copy or began anew: the follower has to read it again from 0.
    package let latest: Int64?

    package init(changes: [Change], latest: Int64? = nil) {
        self.changes = changes
        self.latest = latest
    }

    /// Whether changes follow those of this page; where nobody told ``latest``, one more look tells.
    package var hasMore: Bool {
        guard let last = changes.last else { return false }
        return latest.map { $0 > last.sequence } ?? true
    }
}
