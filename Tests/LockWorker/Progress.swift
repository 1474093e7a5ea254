import Synchronization

/// What the store said during one round, kept also when the round ends with an error.
final class Progress: Sendable {
    private let state = Mutex((accepted: [String: Int](), refused: 0))

    var accepted: [String: Int] { state.withLock { $0.accepted } }
    var refused: Int { state.withLock { $0.refused } }

    func accept(_ counter: String) { state.withLock { $0.accepted[counter, default: 0] += 1 } }

    func refuse() { state.withLock { $0.refused += 1 } }
}
