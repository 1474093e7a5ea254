import Logging
import RedisKit

/// Locks on several independent masters, held by whoever a majority of them granted ("Redlock").
///
/// All masters are asked at the same time, each within its client's deadlines. The majority is one of the configured
/// masters, never of those that answer, so two sides of a partition cannot both have one; what was not won is released
/// everywhere before anybody tries again.
///
/// **Fencing.** Each master counts for itself, in numbers no other gives (its own remainder by
/// ``FencingToken/voters``), so no token is given twice. A grant's token is the greatest of its majority's, and the
/// majority's counters are raised to it before the grant is told: every later majority shares a master with this one,
/// so its token is greater. A master that forgot its counter has no vote until it has a new epoch from the database,
/// which is above all others.
struct MajorityLockStore: LockStore {
    private let members: [RedisLockStore]

    init(_ clients: [any RedisScripting], logger: Logger) {
        precondition((1...Int(FencingToken.voters)).contains(clients.count), "too few or too many masters")
        members = clients.enumerated().map { RedisLockStore($1, voter: $0, logger: logger) }
    }

    /// Queues on several masters may disagree about who came first, and then nobody would be first anywhere.
    var canQueue: Bool { false }
    var announcers: [any RedisScripting] { members.flatMap(\.announcers) }

    private var majority: Int { members.count / 2 + 1 }

    func acquire(
        _ request: LockRequest, owner: String, lease: Duration, waiting: WaitingPlace?
    ) async throws(RedisError) -> AcquireReply {
        let votes = await ask { member throws(RedisError) in
            try await member.acquire(request, owner: owner, lease: lease, waiting: waiting)
        }
        var granted: [(member: RedisLockStore, token: FencingToken)] = []
        var (held, remaining, fencesLost) = (Set<Int>(), Duration?.none, 0)
        var (unreachable, failure) = (0, RedisError?.none)
        for (member, vote) in zip(members, votes) {
            switch vote {
            case .success(.granted(let token, _)): granted.append((member, token))
            case .success(.held(let positions, let left)):
                held.formUnion(positions)
                if let left { remaining = max(remaining ?? .zero, left) }
            case .success(.fenceLost): fencesLost += 1
            case .failure(let error):
                unreachable += 1
                failure = error.outcomeUnknown ? error : failure ?? error
            }
        }
        if granted.count >= majority, let token = granted.map(\.token).max(),
            await confirm(token, scope: request.scope, by: granted.map(\.member))
        {
            return .granted(token, needsFence: fencesLost > 0)
        }
        await withTaskGroup(of: Void.self) { group in
            for (member, _) in granted {
                group.addTask { _ = await member.release(request.keys, owner: owner, remaining: lease) }
            }
        }
        if let failure, unreachable > members.count - majority { throw failure }
        if fencesLost > 0, granted.count + fencesLost >= majority { return .fenceLost }
        return .held(held.isEmpty ? Array(request.resources.indices) : held.sorted(), remaining: remaining)
    }

    /// Whether a majority will give greater tokens than `token` from now on.
    private func confirm(_ token: FencingToken, scope: String, by granting: [RedisLockStore]) async -> Bool {
        let confirmations = await Self.ask(granting) { member throws(RedisError) in
            try await member.raiseFence(scope: scope, above: token)
        }
        return confirmations.count { (try? $0.get()) == true } >= majority
    }

    func release(_ keys: [String], owner: String, remaining: Duration) async -> ReleaseOutcome {
        let outcomes = await ask { member throws(RedisError) in
            await member.release(keys, owner: owner, remaining: remaining)
        }
        var (released, unknown, gone, taken) = (0, 0, 0, 0)
        for outcome in outcomes {
            switch outcome {
            case .success(.released): released += 1
            case .success(.lost(let g, let t)): (gone, taken) = (max(gone, g), max(taken, t))
            case .success(.unknown), .failure: unknown += 1
            }
        }
        // A majority that still had them means that they were held until now, whatever a minority forgot.
        if released >= majority { return .released }
        return gone + taken > 0 && released + unknown < majority
            ? .lost(gone: gone, takenByAnother: taken) : .unknown
    }

    func releaseLater(
        _ keys: [String], owner: String, remaining: Duration, completion: @escaping @Sendable (ReleaseOutcome) -> Void
    ) {
        Task { completion(await release(keys, owner: owner, remaining: remaining)) }
    }

    func giveBack(_ keys: [String], owner: String, lease: Duration, mayAppear: Bool) {
        for member in members {
            member.giveBack(keys, owner: owner, lease: lease, mayAppear: mayAppear)
        }
    }

    func renew(_ keys: [String], owner: String, lease: Duration) async throws(RedisError) -> RenewalReply {
        let replies = await ask { member throws(RedisError) in
            try await member.renew(keys, owner: owner, lease: lease)
        }
        var (renewed, gone, taken) = (0, 0, 0)
        var failure: RedisError?
        for reply in replies {
            switch reply {
            case .success(.renewed): renewed += 1
            case .success(.lost(let g, let t)): (gone, taken) = (max(gone, g), max(taken, t))
            case .failure(let error): failure = error
            }
        }
        if renewed >= majority { return .renewed }
        if let failure, replies.count(where: { (try? $0.get()) == nil }) + renewed >= majority { throw failure }
        return .lost(gone: gone, takenByAnother: taken)
    }

    func installFence(scope: String, epoch: Int64) async throws(RedisError) -> Bool {
        let replies = await ask { member throws(RedisError) in
            try await member.installFence(scope: scope, epoch: epoch)
        }
        var (installed, failure) = (0, RedisError?.none)
        for reply in replies {
            switch reply {
            case .success(let isInstalled): installed += isInstalled ? 1 : 0
            case .failure(let error): failure = error
            }
        }
        if installed >= majority { return true }
        if let failure { throw failure }
        return false
    }

    func leave(_ request: LockRequest, waiter: String) async throws(RedisError) {}

    private func ask<Reply: Sendable>(
        _ question: @escaping @Sendable (RedisLockStore) async throws(RedisError) -> Reply
    ) async -> [Result<Reply, RedisError>] {
        await Self.ask(members, question)
    }

    /// Puts a question to all of `members` at once; their answers in the same order.
    private static func ask<Reply: Sendable>(
        _ members: [RedisLockStore],
        _ question: @escaping @Sendable (RedisLockStore) async throws(RedisError) -> Reply
    ) async -> [Result<Reply, RedisError>] {
        await withTaskGroup(of: (Int, Result<Reply, RedisError>).self) { group in
            for (position, member) in members.enumerated() {
                group.addTask {
                    do throws(RedisError) {
                        return (position, .success(try await question(member)))
                    } catch {
                        return (position, .failure(error))
                    }
                }
            }
            var answers: [(Int, Result<Reply, RedisError>)] = []
            for await answer in group {
                answers.append(answer)
            }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
