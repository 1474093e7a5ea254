/// A page of the change feed: `GET /internal/events/changes?after=N&limit=M`, oldest change first.
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

    package init(changes: [Change]) {
        self.changes = changes
    }
}
