import Contracts

/// What streams of one event are told, out of the states that are read one after another: a pure state machine.
///
/// For each ticket type it keeps the version by which its last change was seen. A client that knows version V lacks the
/// types that were seen to change after V, at most: also where the states in between were never read, and where V was
/// told by another replica, which saw other states. That holds from the first version that was read here on.
struct AvailabilityFeed {
    /// Something to tell.
    enum Message: Sendable, Hashable {
        case snapshot(AvailabilityDocument)
        /// The event with those of its ticket types that changed.
        case changes(AvailabilityDocument)
    }

    private(set) var current: AvailabilityState
    /// What all streams know, save for those that began with something newer.
    private var told: AvailabilityState
    /// The version from which on all changes were seen.
    private var firstVersion: Int64
    private var changedAt: [String: Int64] = [:]

    init(_ state: AvailabilityState) {
        current = state
        told = state
        firstVersion = state.version
    }

    /// Takes a state that was read after the ones before; whether there is something to tell now.
    mutating func take(_ state: AvailabilityState) -> Bool {
        let names = state.event.ticketTypes.map(\.id)
        if state.version < current.version || names != current.event.ticketTypes.map(\.id) {
            // Changes of types cannot say that one went; and of a database that was put back nothing is known.
            firstVersion = state.version
            changedAt = [:]
        } else {
            for (new, old) in zip(state.event.ticketTypes, current.event.ticketTypes)
            where new != old || state.ended[new.id] != current.ended[new.id] {
                changedAt[new.id] = state.version
            }
        }
        current = state
        return hasNews
    }

    /// What to tell all streams now; nil when they know everything.
    mutating func tell() -> Message? {
        guard hasNews else { return nil }
        defer { told = current }
        guard told.version >= firstVersion, told.version <= current.version else { return .snapshot(current.document) }
        let shown = Dictionary(
            told.document.ticketTypes.map { ($0.ticketTypeId, $0) }, uniquingKeysWith: { first, _ in first })
        let differing = current.document.ticketTypes.filter { $0 != shown[$0.ticketTypeId] }.map(\.ticketTypeId)
        return changes(after: told.version, and: differing)
    }

    /// What a stream begins with; nil when its client knows everything.
    ///
    /// - Parameter lastEventID: the last version that the client knows, as it says; nil for a new one
    func opening(after lastEventID: String?) -> Message? {
        guard let known = lastEventID.flatMap({ Int64($0) }), known >= firstVersion, known <= current.version else {
            return .snapshot(current.document)
        }
        // What only the clock has changed did not move the version: the client may know it or not.
        let byClock = current.ended.keys.filter { current.ended[$0] != 0 }
        let isUnchanged = known == current.version && byClock.isEmpty && current.document.status != .ended
        return isUnchanged ? nil : changes(after: known, and: Array(byClock))
    }

    private var hasNews: Bool { current.document != told.document || current.version != told.version }

    private func changes(after version: Int64, and others: [String]) -> Message {
        let changed = changedAt.filter { $0.value > version }.keys
        return .changes(current.document.naming(only: Set(changed).union(others)))
    }
}
