import Contracts
import Synchronization

/// An events service in memory: its documents, and a feed of their latest changes.
final class FakeFeed: EventFeed {
    private struct State {
        var documents: [String: EventDocument] = [:]
        var sequences: [String: Int64] = [:]
        var latest: Int64 = 0
        var isDown = false
        var pageMax = Int.max
        var meanwhile: (@Sendable () async throws -> Void)?
        var positions: [Int64] = []
    }

    private let state = Mutex(State())

    init(_ documents: [EventDocument] = []) {
        for document in documents { put(document) }
    }

    /// From where each call read.
    var positions: [Int64] { state.withLock { $0.positions } }

    func put(_ document: EventDocument) {
        state.withLock { state in
            state.latest += 1
            state.documents[document.id] = document
            state.sequences[document.id] = state.latest
        }
    }

    /// Makes every page shorter than was asked for, as large events do.
    func shortenPages(to pageMax: Int) { state.withLock { $0.pageMax = pageMax } }

    /// Does `work` once, after the next look was answered and before the answer arrives.
    func whileNextLook(_ work: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.meanwhile = work }
    }

    func goDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Begins anew, as after the loss of a disk.
    func reset() {
        state.withLock { state in
            state.documents = [:]
            state.sequences = [:]
            state.latest = 0
        }
    }

    func changes(after sequence: Int64, limit: Int, in context: CallContext) async throws(ServiceCallError)
        -> EventChanges
    {
        let (page, meanwhile) = state.withLock { state in
            defer { state.meanwhile = nil }
            return (Self.page(&state, after: sequence, limit: limit), state.meanwhile)
        }
        do {
            try await meanwhile?()
        } catch {
            throw Self.unreachable
        }
        guard let page else { throw Self.unreachable }
        return page
    }

    private static func page(_ state: inout State, after sequence: Int64, limit: Int) -> EventChanges? {
        guard !state.isDown else { return nil }
        state.positions.append(sequence)
        let newer = state.sequences.filter { $0.value > sequence }.sorted { $0.value < $1.value }
        return EventChanges(
            changes: newer.prefix(min(limit, state.pageMax)).compactMap { id, sequence in
                state.documents[id].map { EventChanges.Change(sequence: sequence, event: $0) }
            },
            latest: state.latest)
    }

    func events(withIDs ids: [String], in context: CallContext) async throws(ServiceCallError) -> [EventDocument] {
        let documents: [EventDocument]? = state.withLock { state in
            guard !state.isDown else { return nil }
            return ids.compactMap { state.documents[$0] }
        }
        guard let documents else { throw Self.unreachable }
        return documents
    }

    private static let unreachable = ServiceCallError.unreachable(
        service: .events, outcomeUnknown: false, reason: "refused")
}
