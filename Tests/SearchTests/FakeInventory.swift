import Contracts
import Synchronization

@testable import search

/// An inventory in memory: ten places of every event are left unless a test says otherwise.
final class FakeInventory: StockReading {
    private struct State {
        var left: [String: Int] = [:]
        var unknown: Set<String> = []
        var isDown = false
        var batches: [Int] = []
    }

    private let state = Mutex(State())

    /// How many events each question named.
    var batches: [Int] { state.withLock { $0.batches } }

    func put(_ eventID: String, left: Int) { state.withLock { $0.left[eventID] = left } }

    func forget(_ eventID: String) { state.withLock { _ = $0.unknown.insert(eventID) } }

    func goDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func stock(of eventIDs: [String], in context: CallContext) async throws(ServiceCallError) -> [EventStock] {
        let stock: [EventStock]? = state.withLock { state in
            guard !state.isDown else { return nil }
            state.batches.append(eventIDs.count)
            return eventIDs.filter { !state.unknown.contains($0) }.map { id in
                let left = state.left[id] ?? 10
                return EventStock(
                    eventId: id, version: 1,
                    ticketTypes: ["\(id)-type": TicketTypeStock(total: 10, reserved: 0, sold: 10 - left)])
            }
        }
        guard let stock else {
            throw .unreachable(service: .inventory, outcomeUnknown: false, reason: "refused")
        }
        return stock
    }
}
