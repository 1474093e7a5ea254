import Foundation
import Logging
import Synchronization

/// The one writer of a SQLite file: it turns the units that wait into as few durable commits as possible.
///
/// A batch runs in one transaction. ``WriteKind/ordinary`` units run bare, since a savepoint makes SQLite copy every page
/// the unit touches; if one of them is refused after it changed rows, the transaction is rolled back and the batch
/// replayed with savepoints. Should even the commit be refused (a deferred foreign key), the batch is replayed unit by
/// unit, so that only the guilty one is answered with the error.
final class SQLiteWriter: Sendable {
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
    }

    /// After a replay, how many batches use savepoints from the start: refusals come in bursts.
    private static let cautiousBatchesMax = 64

    /// How long a batch that is smaller than the last one waits for more before its commit: a fraction of what the
    /// commit costs. Callers who were just answered are about to come back, and whoever comes too late pays with a
    /// commit of their own; on a busy machine this keeps batches of 64 callers at 64 instead of 45.
    private static let gatheringMax = Duration.microseconds(40)

    private let connection: SQLiteConnection
    private let checkpointer: SQLiteCheckpointer
    private let queue: WorkQueue
    private let configuration: SQLiteConfiguration
    private let metrics: SQLiteWriterMetrics
    private let cautiousBatches = Atomic(0)
    private let lastBatchUnits = Atomic(0)

    init(connection: SQLiteConnection, checkpointer: SQLiteCheckpointer, configuration: SQLiteConfiguration) {
        self.connection = connection
        self.checkpointer = checkpointer
        self.configuration = configuration
        metrics = SQLiteWriterMetrics(name: configuration.name)
        queue = WorkQueue(unitsMax: configuration.queueMax, workers: 1)
    }

    /// How many units wait for their turn.
    var waiting: Int { queue.depth }

    /// Queues `unit`, or refuses it at once.
    func submit(_ unit: any WorkUnit) throws(DatabaseError) {
        guard try queue.append(unit) != nil else { return }
        connection.schedule { [self] in drain($0) }
    }

    /// Refuses further units and returns when the last one accepted was answered.
    func finish() async {
        await queue.close()
    }

    private func drain(_ session: SQLiteSession) {
        while true {
            var batch = queue.take(upTo: configuration.batchMax, worker: 0)
            if batch.isEmpty { return }
            commit(&batch, session)
            checkpointer.afterCommit(session)
        }
    }

    /// Brings `batch`, and what else comes while it runs, to its end and answers everyone in it.
    private func commit(_ batch: inout [any WorkUnit], _ session: SQLiteSession) {
        let cautious = cautiousBatches.load(ordering: .relaxed)
        if cautious > 0 { cautiousBatches.store(cautious - 1, ordering: .relaxed) }
        var ending = attempt(&batch, cautious > 0 ? .savepoints : .bare, session)
        if case .replay(.savepoints) = ending {
            cautiousBatches.store(Self.cautiousBatchesMax, ordering: .relaxed)
            ending = attempt(&batch, .savepoints, session)
        }
        switch ending {
        case .settled: break
        case .failed(let error): fail(batch, error)
        case .replay: commitOneByOne(batch, session)
        }
        lastBatchUnits.store(batch.count, ordering: .relaxed)
        for unit in batch { unit.settle() }
    }

    private func commitOneByOne(_ batch: [any WorkUnit], _ session: SQLiteSession) {
        for unit in batch {
            var alone = [unit]
            if case .failed(let error) = attempt(&alone, .alone, session) { fail(alone, error) }
        }
    }

    private func fail(_ batch: [any WorkUnit], _ error: DatabaseError) {
        configuration.logger.error(
            "transaction failed", metadata: ["units": "\(batch.count)", "error": "\(error)"])
        for unit in batch { unit.fail(error) }
    }
}

// MARK: - One transaction

extension SQLiteWriter {
    /// Runs `batch` in one transaction; units that arrive meanwhile come along.
    private func attempt(
        _ batch: inout [any WorkUnit], _ isolation: Isolation, _ session: SQLiteSession
    ) -> Ending {
        do {
            try session.beginWrite()
            defer { session.rollback() }
            var next = 0
            repeat {
                while next < batch.count {
                    let isOnly = batch.count == 1
                    if let ending = try run(batch[next], isOnly ? .alone : isolation, session) { return ending }
                    next += 1
                }
            } while isolation != .alone && takeMore(into: &batch)
            return try finish(batch.count, session)
        } catch {
            return .failed(DatabaseError.sqlite(error))
        }
    }

    /// Takes what came meanwhile, or comes at once; a lone caller's unit waits for nobody.
    private func takeMore(into batch: inout [any WorkUnit]) -> Bool {
        let room = configuration.batchMax - batch.count
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

    /// Runs one unit; an ending means that the transaction cannot go on.
    private func run(
        _ unit: any WorkUnit, _ isolation: Isolation, _ session: SQLiteSession
    ) throws -> Ending? {
        if unit.isCancelled {
            unit.fail(CancellationError())
            return nil
        }
        let savepoint = isolation == .savepoints || (isolation == .bare && unit.kind == .refusable)
        session.beginUnit(savepoint: savepoint)
        let succeeded = unit.run(session)
        guard session.isInTransaction else {
            // SQLite itself rolled back: a full disk, an I/O error, no memory.
            if isolation != .alone { return .replay(.alone) }
            if succeeded { unit.fail(DatabaseError(.ioError, "SQLite rolled the transaction back")) }
            return .settled
        }
        if succeeded {
            try session.keepUnit()
        } else if savepoint {
            try session.undoUnit()
        } else if session.unitChangedSomething {
            return isolation == .alone ? .settled : .replay(.savepoints)
        }
        return nil
    }

    private func finish(_ units: Int, _ session: SQLiteSession) throws -> Ending {
        let start = ContinuousClock.now
        do {
            try configuration.beforeCommit?(units)
            try session.commit()
        } catch let error as DatabaseError where error.constraint != nil && units > 1 {
            return .replay(.alone)
        }
        metrics.record(units: units, commit: ContinuousClock.now - start, waiting: queue.depth)
        return .settled
    }
}
