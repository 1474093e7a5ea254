/// The connections that read: each takes one waiting read at a time and runs it on a snapshot of its own.
final class SQLiteReaders: Sendable {
    private let connections: [SQLiteConnection]
    private let queue: WorkQueue

    init(connections: [SQLiteConnection], unitsMax: Int) {
        self.connections = connections
        queue = WorkQueue(unitsMax: unitsMax, workers: connections.count)
    }

    /// Queues `unit`, or refuses it at once.
    func submit(_ unit: any WorkUnit) throws(DatabaseError) {
        guard let reader = try queue.append(unit) else { return }
        connections[reader].schedule { [self] in drain(reader, $0) }
    }

    /// Finishes the reads accepted and closes the connections.
    func close() async throws(DatabaseError) {
        await queue.close()
        for connection in connections { try connection.close() }
    }

    private func drain(_ reader: Int, _ session: SQLiteSession) {
        while let unit = queue.take(upTo: 1, worker: reader).first {
            read(unit, session)
            unit.settle()
        }
    }

    private func read(_ unit: any WorkUnit, _ session: SQLiteSession) {
        guard !unit.isCancelled else { return unit.fail(CancellationError()) }
        do {
            try session.beginRead()
            // Nothing was changed: rolling back ends the snapshot, and cannot fail.
            defer { session.rollback() }
            _ = unit.run(session)
        } catch {
            unit.fail(error)
        }
    }
}
