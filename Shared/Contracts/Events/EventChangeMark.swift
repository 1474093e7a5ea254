/// That an event changed: what the change feed says of it before anyone asks for more.
package struct EventChangeMark: Sendable, Hashable {
    package let eventID: String
    /// The event's version after the change; a follower that has this or a later one has nothing to do.
    package let version: Int64
    /// The change's place in the feed, see ``EventChanges/Change/sequence``.
    package let sequence: Int64

    package init(eventID: String, version: Int64, sequence: Int64) {
        self.eventID = eventID
        self.version = version
        self.sequence = sequence
    }
}
