import Foundation
import Logging
import Synchronization

/// The one writer of a database: it turns the units that wait into as few durable commits as possible.
///
/// A batch runs in one transaction. ``WriteKind/ordinary`` units run bare, since a savepoint costs a copy of every page
/// the unit touches (SQLite) or two commands more (PostgreSQL); if one of them is refused after it changed rows, the
/// transaction is rolled back and the batch replayed with savepoints. Should even the commit be refused (a deferred
/// foreign key), the batch is replayed unit by unit, so that only the guilty one is answered with the error.
final class GroupWriter<Connection: DriverConnection>: Sendable {
    /// How the units of a transaction are kept apart, from the cheapest to the safest.
    private enum Isolation {
        case bare
        case savepoints
        /// The transaction holds nothing else: its rollback is the unit's.
        case alone
    }

    /// How an attempt at a transaction ended.
    private enum Ending {
        /// Every unit knows its outcome: what succeeded is durable, what was refused left no trace.
        case settled
        case failed(DatabaseError)
        case replay(Isolation)
        /// The transaction lost against another one.
        case conflicted(DatabaseError)
    }

    /// After a replay, how many batches use savepoints from the start: refusals come in bursts.
    private static var cautiousBatchesMax: Int { 64 }

    /// How often a batch that lost against other transactions is tried.
    private static var attemptsMax: Int { 5 }

    /// How long a batch that is smaller than the last one waits for more before its commit: a fraction of what the
    /// commit costs. Callers who were just answered are about to come back, and whoever comes too late pays with a
    /// commit of their own; on a busy machine this keeps batches of 64 callers at 64 instead of 45.
    private static var gatheringMax: Duration { .microseconds(40) }

    private let connection: Connection
    private let queue: WorkQueue
    private let options: WriterOptions
    private let afterBatch: @Sendable (Connection.Session) -> Void
    private let metrics: WriterMetrics
    private let cautiousBatches = Atomic(0)
    private let lastBatchUnits = Atomic(0)
    private let observer = Mutex<CommitObserver?>(nil)

    /// - Parameter afterBatch: called on the connection's thread after every batch, outside of transactions
    init(
        connection: Connection, options: WriterOptions,
        afterBatch: @escaping @Sendable (Connection.Session) -> Void = { _ in }
    ) {
        self.connection = connection
        self.options = options
        self.afterBatch = afterBatch
        metrics = WriterMetrics(name: options.name)
        queue = WorkQueue(unitsMax: options.queueMax, workers: 1)
    }

    /// How many units wait for their turn.
    var waiting: Int { queue.depth }

    /// Why units are refused at present; nil when they are not.
    var outage: DatabaseError? { queue.outage }

    /// Has `observer` told of what commits announced, after those who wait for them were answered.
    func observeCommits(_ observer: @escaping @Sendable (Set<String>) -> Void) {
        self.observer.withLock { $0 = CommitObserver(tell: observer) }
    }

    /// Queues `unit`, or refuses it at once.
    func submit(_ unit: any WorkUnit) throws(DatabaseError) {
        guard try queue.append(unit) != nil else { return }
        connection.schedule { [self] in drain($0) }
    }

    /// Refuses further units and returns when the last one accepted was answered.
    func finish() async {
        await queue.close()
    }

    private func drain(_ session: Connection.Session) {
        while true {
            var batch = queue.take(upTo: options.batchMax, worker: 0)
            if batch.isEmpty { return }
            commit(&batch, session)
            tell(session.announcements.take())
            afterBatch(session)
            guard queue.sitOut(session, worker: 0) else { return }
        }
    }

    private func tell(_ subjects: Set<String>) {
        guard !subjects.isEmpty, let observer = observer.withLock({ $0 }) else { return }
        observer.tell(subjects)
    }

    /// Brings `batch`, and what else comes while it runs, to its end and answers everyone in it.
    private func commit(_ batch: inout [any WorkUnit], _ session: Connection.Session) {
        let cautious = cautiousBatches.load(ordering: .relaxed)
        if cautious > 0 { cautiousBatches.store(cautious - 1, ordering: .relaxed) }
        var ending = attempt(&batch, cautious > 0 ? .savepoints : .bare, isReplay: false, session)
        if case .replay(.savepoints) = ending {
            cautiousBatches.store(Self.cautiousBatchesMax, ordering: .relaxed)
            ending = attempt(&batch, .savepoints, isReplay: true, session)
        }
        switch ending {
        case .settled: break
        case .failed(let error), .conflicted(let error): fail(batch, error)
        case .replay: commitOneByOne(batch, session)
        }
        lastBatchUnits.store(batch.count, ordering: .relaxed)
        for unit in batch { unit.settle() }
    }

    private func commitOneByOne(_ batch: [any WorkUnit], _ session: Connection.Session) {
        for unit in batch {
            var alone = [unit]
            switch attempt(&alone, .alone, isReplay: true, session) {
            case .settled, .replay: break
            case .failed(let error), .conflicted(let error): fail(alone, error)
            }
        }
    }

    private func fail(_ batch: [any WorkUnit], _ error: DatabaseError) {
        options.logger.error(
            "transaction failed", metadata: ["units": "\(batch.count)", "error": "\(error)"])
        for unit in batch { unit.fail(error) }
    }
}

// MARK: - One transaction

extension GroupWriter {
    /// Runs `batch` in one transaction, again when it lost against another one, but not for ever.
    private func attempt(
        _ batch: inout [any WorkUnit], _ isolation: Isolation, isReplay: Bool, _ session: Connection.Session
    ) -> Ending {
        var attempts = 1
        while true {
            let ending = attemptOnce(&batch, isolation, isReplay: isReplay, session)
            guard case .conflicted = ending, attempts < Self.attemptsMax else { return ending }
            attempts += 1
        }
    }

    /// Runs `batch` in one transaction; units that arrive meanwhile come along.
    private func attemptOnce(
        _ batch: inout [any WorkUnit], _ isolation: Isolation, isReplay: Bool, _ session: Connection.Session
    ) -> Ending {
        do {
            session.announcements.begin()
            try session.beginWrite()
            defer { session.rollback() }
            var next = 0
            repeat {
                let own = batch.count == 1 ? .alone : isolation
                if let ending = try run(Array(batch[next...]), own, isReplay: isReplay, session) { return ending }
                next = batch.count
            } while isolation != .alone && takeMore(into: &batch)
            return try finish(batch.count, session)
        } catch {
            return .failed(error as? DatabaseError ?? DatabaseError(.ioError, "\(error)"))
        }
    }

    /// Takes what came meanwhile, or comes at once; a lone caller's unit waits for nobody.
    private func takeMore(into batch: inout [any WorkUnit]) -> Bool {
        let room = options.batchMax - batch.count
        guard room > 0 else { return false }
        if queue.takeMore(upTo: room, into: &batch) > 0 { return true }
        guard batch.count < lastBatchUnits.load(ordering: .relaxed) else { return false }
        let start = ContinuousClock.now
        repeat {
            sched_yield()
            if queue.takeMore(upTo: room, into: &batch) > 0 { return true }
        } while ContinuousClock.now - start < Self.gatheringMax
        return false
    }

    /// Runs units, together where they can be; an ending means that the transaction cannot go on.
    private func run(
        _ units: [any WorkUnit], _ isolation: Isolation, isReplay: Bool, _ session: Connection.Session
    ) throws -> Ending? {
        var left: [any WorkUnit] = []
        // Units that run again do so one by one, so that whatever went wrong finds the one it belongs to.
        for group in isReplay ? units.map({ [$0] }) : Self.groups(units) {
            guard group.count > 1, let merger = group[0].merger else {
                left += group
                continue
            }
            session.beginUnit(savepoint: false, awaitsDemands: false)
            do {
                left += try merger.run(group, session)
            } catch {
                options.logger.notice("units run one by one", metadata: ["reason": "\(error)"])
                return ending(session) ?? .replay(.savepoints)
            }
            if let ending = ending(session) { return ending }
        }
        for unit in left {
            if let ending = try run(unit, isolation, awaitsDemands: isReplay, session) { return ending }
        }
        return nil
    }

    /// Why the transaction cannot go on after units ran together; nil when it can.
    private func ending(_ session: Connection.Session) -> Ending? {
        switch session.transaction {
        case .open: nil
        case .failed, .disproved: .replay(.savepoints)
        case .rolledBack: .replay(.alone)
        case .conflicted(let error): .conflicted(error)
        case .over(let error): .failed(error)
        }
    }

    /// The units of each merger together, all others by themselves.
    private static func groups(_ units: [any WorkUnit]) -> [[any WorkUnit]] {
        var groups: [[any WorkUnit]] = []
        for unit in units {
            let index = unit.merger.flatMap { merger in
                groups.lastIndex { $0[0].merger === merger && $0.count < merger.unitsMax }
            }
            if let index { groups[index].append(unit) } else { groups.append([unit]) }
        }
        return groups
    }

    /// Runs one unit; an ending means that the transaction cannot go on.
    private func run(
        _ unit: any WorkUnit, _ isolation: Isolation, awaitsDemands: Bool, _ session: Connection.Session
    ) throws -> Ending? {
        if unit.isCancelled {
            unit.fail(CancellationError())
            return nil
        }
        let savepoint = isolation == .savepoints || (isolation == .bare && unit.kind == .refusable)
        session.beginUnit(savepoint: savepoint, awaitsDemands: awaitsDemands)
        let succeeded = unit.run(session)
        switch session.transaction {
        case .open: return try close(succeeded: succeeded, isolation, session)
        case .failed(let error):
            // Whatever the unit made of the error, nothing of it can be kept.
            if succeeded { unit.fail(error) }
            if session.hasSavepoint {
                try session.undoUnit()
                return nil
            }
            return isolation == .alone ? .settled : .replay(isolation == .bare ? .savepoints : .alone)
        case .rolledBack:
            if isolation != .alone { return .replay(.alone) }
            if succeeded { unit.fail(DatabaseError(.ioError, "the database rolled the transaction back")) }
            return .settled
        case .conflicted(let error): return .conflicted(error)
        case .disproved: return .replay(.savepoints)
        case .over(let error): return .failed(error)
        }
    }

    /// Keeps or undoes the unit that ran last in a transaction that goes on.
    private func close(
        succeeded: Bool, _ isolation: Isolation, _ session: Connection.Session
    ) throws -> Ending? {
        if succeeded {
            try session.keepUnit()
        } else if session.hasSavepoint {
            try session.undoUnit()
        } else if session.unitChangedSomething {
            return isolation == .alone ? .settled : .replay(.savepoints)
        }
        return nil
    }

    private func finish(_ units: Int, _ session: Connection.Session) throws -> Ending {
        let start = ContinuousClock.now
        do {
            try options.beforeCommit?(units)
            try session.commit()
            session.announcements.commit()
        } catch is DatabaseError where session.transaction.isDisproved {
            return .replay(.savepoints)
        } catch let error as DatabaseError where error.constraint != nil && units > 1 {
            return .replay(.alone)
        } catch {
            if case .conflicted(let error) = session.transaction { return .conflicted(error) }
            throw error
        }
        metrics.record(units: units, commit: ContinuousClock.now - start, waiting: queue.depth)
        return .settled
    }
}

/// The limits of a ``GroupWriter`` and what it reports to.
struct WriterOptions: Sendable {
    /// The most units that one commit carries.
    let batchMax: Int
    /// The most units that may wait.
    let queueMax: Int
    /// Called just before each commit, with the number of units in it; a throw makes the commit fail.
    let beforeCommit: (@Sendable (_ units: Int) throws -> Void)?
    /// Told of transactions that failed as a whole.
    let logger: Logger
    /// What its metrics carry as the dimension `database`.
    let name: String
}

/// Who is told of commits.
///
/// A structure around the function: one that a mutex holds by itself is wrapped anew with every look at it, and the next
/// call goes through all wrappings (Swift 6.3).
private struct CommitObserver: Sendable {
    let tell: @Sendable (Set<String>) -> Void
}
