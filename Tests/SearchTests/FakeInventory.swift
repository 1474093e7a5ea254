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

    func stock(of known: [String: Int64], in context: CallContext) async throws(ServiceCallError) -> StockReport {
        let report: StockReport? = state.withLock { state in
            guard !state.isDown else { return nil }
            state.batches.append(known.count)
            var (changed, unchanged): ([EventStock], [String]) = ([], [])
            for (id, version) in known where !state.unknown.contains(id) {
                // As many places are left as the version is below this.
                let current = 1000 - Int64(state.left[id] ?? 10)
                if version == current {
                    unchanged.append(id)
                } else {
                    let counters = TicketTypeStock(total: 10, reserved: 0, sold: 10 - (state.left[id] ?? 10))
                    changed.append(
                        EventStock(eventId: id, version: current, ticketTypes: ["\(id)-type": counters]))
                }
            }
            return StockReport(changed: changed, unchanged: unchanged)
        }
        guard let report else {
            throw .unreachable(service: .inventory, outcomeUnknown: false, reason: "refused")
        }
        return report
    }
}
