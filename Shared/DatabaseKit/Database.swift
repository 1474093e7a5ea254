/// A relational database that a service keeps its state in.
///
/// Stores are written against this protocol and ``SQLSession`` only, in the SQL that SQLite and PostgreSQL share, so
/// that one store and one test suite serve every driver.
package protocol Database: Sendable {
    /// The dialect that schema statements are made for.
    var dialect: SQLDialect { get }

    /// Runs `body` on one snapshot of the committed state and returns its result.
    ///
    /// The snapshot contains everything that was acknowledged before the call. Errors: what `body` throws;
    /// ``DatabaseError/Code/overloaded`` at once when too many reads wait; `CancellationError` when the caller was
    /// cancelled before its turn came.
    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> T) async throws -> T

    /// Runs `body` as one write unit and returns its result once the unit is durable.
    ///
    /// A unit is all or nothing: when `body` throws, what it changed is undone, the error is rethrown as it is, and
    /// units that happen to share the commit are not touched. Every answer, refusals included, is given after the
    /// commit of the state it was decided on.
    ///
    /// - Important: `body` may run more than once (a batch is replayed without its neighbour's changes, a
    ///   serialization failure is retried), so it must have no effect besides its SQL, and decide from its SQL.
    ///
    /// Errors besides those of `body`: ``DatabaseError/Code/overloaded`` at once when too many units wait;
    /// `CancellationError` when the caller was cancelled before its unit began; the commit's error when the commit
    /// failed, after which nothing of the unit is known to be stored.
    @discardableResult
    func write<T: Sendable>(
        _ kind: WriteKind, _ body: @escaping @Sendable (any SQLSession) throws -> T
    ) async throws -> T

    /// Does what `order` asks for as one ``WriteKind/ordinary`` write unit, together with others of its merger where some
    /// wait.
    func write<Order, T>(_ order: Order, by merger: UnitMerger<Order, T>) async throws -> T

    /// Has `observer` told what the units of each commit announced, after their callers were answered.
    ///
    /// It is called once a commit, on the writer's thread, so it must only take note. What it is told is durable, save
    /// for a unit that was undone alone, whose subjects may be among the others. A process that dies after a commit
    /// tells nobody: this is for being quick, and what must not be missed is read from the database.
    func observeCommits(_ observer: @escaping @Sendable (_ subjects: Set<String>) -> Void)

    /// Brings the schema to the newest of `migrations`, all or nothing.
    ///
    /// Errors: ``DatabaseError/Code/schemaTooNew`` when the database was migrated by a newer program,
    /// ``DatabaseError/Code/migrationChanged`` when an applied migration is no longer what it was.
    func migrate(_ migrations: [Migration]) async throws

    /// Proves that the database answers: for readiness checks.
    func ping() async throws

    /// Finishes what was accepted, refuses what comes later with ``DatabaseError/Code/closed``, and lets go of files
    /// and connections. May be called more than once.
    func close() async
}

/// What a thrown error means for a write unit, so that the driver can choose how to undo it.
package enum WriteKind: Sendable, Hashable {
    /// A throw after a change is rare. The unit runs without a savepoint; should it throw after having changed rows,
    /// its batch is replayed. A throw before any row changed costs nothing.
    case ordinary

    /// A throw after a change is a normal outcome (a conditional update that came too late, after others succeeded).
    /// The unit pays for a savepoint, and its refusal costs its neighbours nothing.
    case refusable
}

extension Database {
    /// Runs `body` as one ``WriteKind/ordinary`` write unit.
    @discardableResult
    package func write<T: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> T) async throws -> T {
        try await write(.ordinary, body)
    }
}
