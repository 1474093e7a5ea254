/// The connections that read: each takes one waiting read at a time and runs it on a snapshot of its own.
final class ReaderPool<Connection: DriverConnection>: Sendable {
    private let connections: [Connection]
    private let queue: WorkQueue

    init(connections: [Connection], unitsMax: Int) {
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
        for connection in connections { try await connection.close() }
    }

    private func drain(_ reader: Int, _ session: Connection.Session) {
        while let unit = queue.take(upTo: 1, worker: reader).first {
            read(unit, session)
            unit.settle()
            guard queue.sitOut(session, worker: reader) else { return }
        }
    }

    private func read(_ unit: any WorkUnit, _ session: Connection.Session) {
        guard !unit.isCancelled else { return unit.fail(CancellationError()) }
        do {
            try session.beginRead()
        } catch {
            return unit.fail(error)
        }
        unit.onCancel(session.interruption)
        let succeeded = unit.run(session)
        unit.onCancel(nil)
        switch session.transaction {
        case .open: break
        case .failed(let error), .conflicted(let error), .over(let error):
            // Whatever the read made of the error, what it saw is not one snapshot.
            if unit.isCancelled { unit.fail(CancellationError()) } else if succeeded { unit.fail(error) }
        case .rolledBack: break
        }
        session.endRead()
    }
}
