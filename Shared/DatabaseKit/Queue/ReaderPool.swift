/// The connections that read: each takes one waiting read at a time and runs it on a snapshot of its own.
final class ReaderPool<Connection: DriverConnection>: Sendable {
    /// How often a read that lost its snapshot is tried.
    private static var attemptsMax: Int { 5 }

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

    /// Runs `unit`, again when its snapshot was lost to another transaction or to a change of the schema.
    private func read(_ unit: any WorkUnit, _ session: Connection.Session) {
        for attempt in 1...Self.attemptsMax {
            guard !unit.isCancelled else { return unit.fail(CancellationError()) }
            guard case .conflicted(let error) = readOnce(unit, session) else { return }
            if attempt == Self.attemptsMax { unit.fail(error) }
        }
    }

    private func readOnce(_ unit: any WorkUnit, _ session: Connection.Session) -> TransactionState {
        do {
            try session.beginRead()
        } catch {
            unit.fail(error)
            return .open
        }
        unit.onCancel(session.interruption)
        let succeeded = unit.run(session)
        unit.onCancel(nil)
        let end = session.transaction
        switch end {
        case .open, .rolledBack, .conflicted: break
        case .failed(let error), .disproved(let error), .over(let error):
            // Whatever the read made of the error, what it saw is not one snapshot.
            if unit.isCancelled { unit.fail(CancellationError()) } else if succeeded { unit.fail(error) }
        }
        session.endRead()
        return end
    }
}
