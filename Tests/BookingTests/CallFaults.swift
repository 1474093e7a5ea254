import Contracts
import Synchronization

/// What goes wrong with the next calls of a fake service.
final class CallFaults: Sendable {
    enum Call: Sendable, Hashable, CaseIterable {
        case pin, unpin, commit, charge, inquire, void, refund, keep, beginRefunds, account, events
    }

    enum Fault: Sendable, Hashable {
        case requestLost
        /// The effect takes place, the answer is never heard.
        case replyLost
    }

    private let waiting = Mutex<[Call: [Fault]]>([:])
    private let made = Mutex<[Call: Int]>([:])

    /// How often `call` was made.
    func count(_ call: Call) -> Int { made.withLock { $0[call] ?? 0 } }

    func next(_ call: Call, _ faults: Fault...) {
        waiting.withLock { $0[call, default: []] += faults }
    }

    func clear() { waiting.withLock { $0 = [:] } }

    func call<Result>(
        _ call: Call, _ effect: () throws(ServiceCallError) -> Result
    ) async throws(ServiceCallError) -> Result {
        made.withLock { $0[call, default: 0] += 1 }
        // Gives concurrent callers a chance to get in between, as a network would.
        await Task.yield()
        let fault = waiting.withLock { waiting in
            waiting[call]?.isEmpty == false ? waiting[call]?.removeFirst() : nil
        }
        let lost = ServiceCallError.unreachable(service: .payment, outcomeUnknown: true, reason: "lost")
        if fault == .requestLost { throw lost }
        let result = try effect()
        if fault == .replyLost { throw lost }
        return result
    }
}
