import Contracts
import Synchronization

/// The events service in memory: one change after the other.
final class FakeEvents: EventFeed {
    let faults = CallFaults()
    private let state = Mutex((changes: [EventChanges.Change](), latest: Int64(0)))

    static let owner = "olga"

    /// Tells of an event as it is from now on.
    func put(
        _ id: String, on date: Timestamp, status: EventStatus = .active, version: Int64 = 1,
        owner: String = FakeEvents.owner
    ) {
        state.withLock { state in
            state.latest += 1
            state.changes.removeAll { $0.event.id == id }
            state.changes.append(
                EventChanges.Change(
                    sequence: state.latest,
                    event: EventDocument(
                        id: id, title: "Evening", description: nil, artist: nil, venue: "Hall", venueAddress: nil,
                        city: nil, category: nil, eventDate: date, endDate: nil, status: status,
                        isActive: status == .active, ownerId: owner, reserveOn: .checkout, maxPerOrder: 10,
                        totalCapacity: 10, availableCapacity: 10, waitingRoom: false, version: version,
                        ticketTypes: [], createdAt: date, updatedAt: date)))
        }
    }

    /// Forgets all, as a service does that was restored from nothing.
    func beginAnew() { state.withLock { $0 = ([], 0) } }

    func changes(
        after sequence: Int64, limit: Int, in context: CallContext
    ) async throws(ServiceCallError) -> EventChanges {
        try await faults.call(.events) { () throws(ServiceCallError) in
            self.state.withLock { state in
                EventChanges(
                    changes: Array(state.changes.filter { $0.sequence > sequence }.prefix(limit)), latest: state.latest)
            }
        }
    }

    func events(withIDs ids: [String], in context: CallContext) async throws(ServiceCallError) -> [EventDocument] {
        try await faults.call(.events) { () throws(ServiceCallError) in
            self.state.withLock { state in state.changes.map(\.event).filter { ids.contains($0.id) } }
        }
    }
}

/// Accounts in memory, by their addresses.
final class FakeAccounts: AccountDirectory {
    let faults = CallFaults()
    private let accounts = Mutex<[String: String]>([:])

    func add(_ userID: String, _ email: String) { accounts.withLock { $0[email] = userID } }

    func account(
        withEmail email: EmailAddress, in context: CallContext
    ) async throws(ServiceCallError) -> AccountReference? {
        try await faults.call(.account) { () throws(ServiceCallError) in
            self.accounts.withLock { $0[email.folded].map(AccountReference.init(userId:)) }
        }
    }
}
