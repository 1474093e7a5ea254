package import Contracts
import Synchronization

/// Admits at most `limit` events a key within any `window`, exactly, also under parallel bursts.
///
/// Keeps the times of the admitted events (a sliding log), so there is no boundary at which twice as many get through.
/// The number of keys is bounded: when it is reached and none has run out, new keys share one counter, so that nobody
/// can push another's count out of memory by inventing keys.
package final class RateLimiter: Sendable {
    /// What became of an attempt.
    package enum Admission: Sendable, Hashable {
        case admitted
        /// Refused; the same attempt succeeds after this time if nobody else takes the place.
        case refused(retryAfter: Duration)

        package var isAdmitted: Bool { self == .admitted }
    }

    private struct State {
        /// Times in milliseconds of the admitted events of each key, oldest first.
        var events: [String: [Int64]] = [:]
    }

    private static let sharedKey = ""

    private let limit: Int
    private let windowMilliseconds: Int64
    private let keysMax: Int
    private let state = Mutex(State())

    package init(limit: Int, window: Duration, keysMax: Int = 10_000) {
        precondition(limit > 0 && window > .zero && keysMax > 0, "a limiter admits something")
        self.limit = limit
        windowMilliseconds = window.wholeMilliseconds
        self.keysMax = keysMax
    }

    /// Counts one event of `key` at `now`, or refuses it without counting.
    package func admit(_ key: String, at now: Timestamp) -> Admission {
        state.withLock { state in
            let key = usableKey(key, &state, now)
            var events = state.events.removeValue(forKey: key) ?? []
            dropOld(&events, now)
            defer { state.events[key] = events }
            guard events.count < limit else {
                return .refused(retryAfter: .milliseconds(max(1, events[0] + windowMilliseconds - now.milliseconds)))
            }
            events.append(now.milliseconds)
            return .admitted
        }
    }

    /// How many events of `key` count at `now`.
    package func count(_ key: String, at now: Timestamp) -> Int {
        state.withLock { state in
            (state.events[key] ?? []).count { $0 > now.milliseconds - windowMilliseconds }
        }
    }

    /// Forgets `key`, as after a success.
    package func forget(_ key: String) {
        state.withLock { _ = $0.events.removeValue(forKey: key) }
    }

    /// How many keys are remembered.
    package var keysCount: Int { state.withLock { $0.events.count } }

    private func dropOld(_ events: inout [Int64], _ now: Timestamp) {
        let oldest = now.milliseconds - windowMilliseconds
        let kept = events.firstIndex { $0 > oldest } ?? events.count
        if kept > 0 { events.removeFirst(kept) }
    }

    private func usableKey(_ key: String, _ state: inout State, _ now: Timestamp) -> String {
        if state.events[key] != nil || state.events.count < keysMax { return key }
        let oldest = now.milliseconds - windowMilliseconds
        state.events = state.events.filter { ($0.value.last ?? .min) > oldest }
        return state.events.count < keysMax ? key : Self.sharedKey
    }
}

extension Duration {
    /// Whole seconds, rounded up, at least 1: what `Retry-After` can say.
    package var retryAfterSeconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }
}
