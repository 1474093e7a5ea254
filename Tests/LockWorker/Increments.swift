import Foundation
import LockKit
import TestSupport

/// Tasks that each read counters under their locks, take their time, and write what they read plus one.
struct Increments: Sendable {
    let locks: LockService
    let store: CounterStore
    let process: Int
    let tasks: Int
    let seed: UInt64
    /// Whether the store is shown the tokens. Without, every holder outstays its lease, and the counters must show it.
    let isGuarded: Bool

    private static let counters = (0..<12).map { "c\($0)" }

    /// What came of one task's work.
    struct Tally: Sendable {
        /// Writes that the store took, by counter.
        var accepted: [String: Int] = [:]
        /// Reads and writes with a token that was too old: a lock had been lost.
        var refused = 0
        /// Acquisitions that did not end in locks, and locks that were lost in time to know.
        var failed = 0
    }

    func run() async throws {
        let total = try await withThrowingTaskGroup(of: Tally.self) { group in
            for task in 0..<tasks {
                group.addTask { try await work(task) }
            }
            return try await group.reduce(into: Tally()) { sum, part in
                sum.accepted.merge(part.accepted, uniquingKeysWith: +)
                sum.refused += part.refused
                sum.failed += part.failed
            }
        }
        let accepted = total.accepted.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        LockWorkerMain.say("refused=\(total.refused) failed=\(total.failed) " + accepted.joined(separator: " "))
    }

    private func work(_ task: Int) async throws -> Tally {
        var random = SeededGenerator(seed: seed &+ UInt64(process) << 32 &+ UInt64(task))
        var tally = Tally()
        while try await store.get("stop") == nil {
            let plan = Plan(&random, from: Self.counters, isPatient: isGuarded)
            let result = Progress()
            do {
                try await underLocks(plan) { grant in try await increment(plan, grant, result) }
            } catch is LockError {
                tally.failed += 1
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...20, using: &random)))
            }
            tally.accepted.merge(result.accepted, uniquingKeysWith: +)
            tally.refused += result.refused
        }
        return tally
    }

    private func underLocks(_ plan: Plan, _ body: @escaping @Sendable (LockGrant) async throws -> Void) async throws {
        if plan.isRenewed {
            try await locks.withLocks(
                plan.counters, scope: "T", lease: plan.lease, waitAtMost: .seconds(20), isFair: plan.isFair,
                holdAtMost: .seconds(30), body)
        } else {
            try await locks.withLocks(
                plan.counters, scope: "T", lease: plan.lease, waitAtMost: .seconds(20), isFair: plan.isFair, body)
        }
    }

    private func increment(_ plan: Plan, _ grant: LockGrant, _ result: Progress) async throws {
        let token = isGuarded ? grant.token : FencingToken(epoch: 1, counter: 1)
        var values: [(String, Int64)] = []
        for counter in plan.counters {
            guard let value = try await store.read(counter, token) else { return result.refuse() }
            values.append((counter, value))
        }
        // Cancelled when the locks are lost; the write that follows is refused, or nobody has them since.
        try? await Task.sleep(for: plan.pause)
        for (counter, value) in values {
            guard try await store.write(counter, value + 1, token) else { return result.refuse() }
            result.accept(counter)
        }
    }
}

/// One round of a task, drawn from its seed.
struct Plan: Sendable {
    let counters: [String]
    let lease: Duration
    /// Between reading and writing; now and then longer than the lease.
    let pause: Duration
    let isRenewed: Bool
    let isFair: Bool

    init(_ random: inout SeededGenerator, from all: [String], isPatient: Bool) {
        counters = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
        lease = .milliseconds(Int.random(in: 100...600, using: &random))
        isRenewed = Int.random(in: 0..<3, using: &random) == 0 && isPatient
        isFair = Int.random(in: 0..<3, using: &random) == 0
        let isLong = Int.random(in: 0..<100, using: &random) == 0 || !isPatient
        pause = isLong ? lease * 1.5 : .milliseconds(Int.random(in: 0...3, using: &random))
    }
}
