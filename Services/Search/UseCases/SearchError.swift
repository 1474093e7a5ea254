/// Why a search has no answer.
enum SearchError: Error, Sendable, Hashable {
    /// The events service did not answer as it must; the reason is in the log.
    case eventsUnavailable
}
