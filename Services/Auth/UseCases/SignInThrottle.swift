import Contracts
import ServiceKit
import Synchronization

/// The limits that guessing passwords runs into.
struct ThrottlePolicy: Sendable {
    /// Sign-ins and registrations a minute from one address.
    var addressAttemptsPerMinute = 60
    /// One account from one address: five failures, then a minute, doubling up to an hour.
    var pair = AttemptRecord.Rules(
        failuresMax: 5, firstLockout: .seconds(60), lockoutMax: .seconds(3600), window: .seconds(900))
    /// One account from all addresses together: far wider, so that nobody's account is closed for them by a few
    /// failures from elsewhere, yet many addresses cannot guess on without end.
    var account = AttemptRecord.Rules(
        failuresMax: 100, firstLockout: .seconds(60), lockoutMax: .seconds(3600), window: .seconds(900))
    /// Accounts and pairs that are remembered.
    var keysMax = 50_000
}

/// Slows down the guessing of passwords without letting anyone lock another one out.
///
/// Failures count for the pair of account and address, and more widely for the account. From an address where the
/// account was signed in to before, only the pair counts: whoever fails from elsewhere cannot keep its owner away.
final class SignInThrottle: Sendable {
    private struct State {
        var pairs: [String: AttemptRecord] = [:]
        var accounts: [String: AttemptRecord] = [:]
        /// Pairs that signed in.
        var known: Set<String> = []
    }

    /// An attempt that was admitted and must be ended.
    struct Attempt: Sendable {
        fileprivate let pair: String
        fileprivate let account: String
        fileprivate let countsForAccount: Bool
    }

    private static let overflowKey = "…"

    private let policy: ThrottlePolicy
    private let clock: any WallClock
    private let addresses: RateLimiter
    private let state = Mutex(State())

    init(policy: ThrottlePolicy, clock: any WallClock) {
        self.policy = policy
        self.clock = clock
        addresses = RateLimiter(limit: policy.addressAttemptsPerMinute, window: .seconds(60))
    }

    /// Counts an attempt of any kind from an address; 429 beyond its rate.
    func admit(_ address: ClientAddress) throws(Problem) {
        if case .refused(let wait) = addresses.admit(address.limitKey, at: clock.now()) { throw Self.refusal(wait) }
    }

    /// Begins a sign-in to `account`; 429 while it is locked for this address.
    func begin(_ account: String, from address: ClientAddress) throws(Problem) -> Attempt {
        try admit(address)
        let now = clock.now()
        let result: Result<Attempt, Problem> = state.withLock { state in
            let pair = usableKey("\(account) \(address.limitKey)", &state.pairs, policy.pair, now)
            let account = usableKey(account, &state.accounts, policy.account, now)
            let countsForAccount = !state.known.contains(pair)
            if countsForAccount, let wait = state.accounts[account, default: .init()].begin(policy.account, at: now) {
                return .failure(Self.refusal(wait))
            }
            if let wait = state.pairs[pair, default: .init()].begin(policy.pair, at: now) {
                if countsForAccount { state.accounts[account]?.abandon() }
                return .failure(Self.refusal(wait))
            }
            return .success(Attempt(pair: pair, account: account, countsForAccount: countsForAccount))
        }
        return try result.get()
    }

    /// Ends an attempt whose password was wrong.
    func fail(_ attempt: Attempt) {
        let now = clock.now()
        state.withLock { state in
            state.pairs[attempt.pair, default: .init()].fail(policy.pair, at: now)
            if attempt.countsForAccount {
                state.accounts[attempt.account, default: .init()].fail(policy.account, at: now)
            }
        }
    }

    /// Ends an attempt whose password was right.
    func succeed(_ attempt: Attempt) {
        let now = clock.now()
        state.withLock { state in
            state.pairs[attempt.pair] = nil
            if attempt.countsForAccount { Self.abandon(attempt.account, in: &state.accounts, policy.account, now) }
            if state.known.count < policy.keysMax { state.known.insert(attempt.pair) }
        }
    }

    /// Ends an attempt whose password was not looked at; where it was the only one, nothing is remembered of it.
    func abandon(_ attempt: Attempt) {
        let now = clock.now()
        state.withLock { state in
            Self.abandon(attempt.pair, in: &state.pairs, policy.pair, now)
            if attempt.countsForAccount { Self.abandon(attempt.account, in: &state.accounts, policy.account, now) }
        }
    }

    private static func abandon(
        _ key: String, in records: inout [String: AttemptRecord], _ rules: AttemptRecord.Rules, _ now: Timestamp
    ) {
        guard var record = records[key] else { return }
        record.abandon()
        records[key] = record.isForgettable(rules, at: now) ? nil : record
    }

    /// Shares one record among all keys beyond the bound, so that inventing accounts neither grows memory nor pushes
    /// out what is remembered.
    private func usableKey(
        _ key: String, _ records: inout [String: AttemptRecord], _ rules: AttemptRecord.Rules, _ now: Timestamp
    ) -> String {
        if records[key] != nil || records.count < policy.keysMax { return key }
        for (old, record) in records {
            var record = record
            if record.isForgettable(rules, at: now) { records[old] = nil }
        }
        return records.count < policy.keysMax ? key : Self.overflowKey
    }

    private static func refusal(_ wait: Duration) -> Problem {
        .tooManyRequests(
            code: "too-many-attempts", detail: "too many attempts; wait before the next",
            retryAfter: wait.retryAfterSeconds)
    }
}
