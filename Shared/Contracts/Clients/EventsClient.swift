/// The catalogue, as those who follow it read it.
package protocol EventFeed: Sendable {
    /// Up to `limit` changes after `sequence`, oldest first; empty when there is nothing newer.
    func changes(after sequence: Int64, limit: Int, in context: CallContext)
        async throws(ServiceCallError) -> EventChanges
    /// Up to 100 events as they are now; unknown ones are left out.
    func events(withIDs ids: [String], in context: CallContext) async throws(ServiceCallError) -> [EventDocument]
}

/// The events service over HTTP.
package struct HTTPEventsClient: EventFeed {
    private let caller: ServiceCaller

    package init(_ caller: ServiceCaller) {
        self.caller = caller
    }

    package func changes(
        after sequence: Int64, limit: Int, in context: CallContext
    ) async throws(ServiceCallError) -> EventChanges {
        try await caller.get("/internal/events/changes?after=\(sequence)&limit=\(limit)", in: context)
    }

    package func events(
        withIDs ids: [String], in context: CallContext
    ) async throws(ServiceCallError) -> [EventDocument] {
        guard !ids.isEmpty else { return [] }
        return try await caller.get("/internal/events?ids=\(ids.joined(separator: ","))", in: context)
    }
}
