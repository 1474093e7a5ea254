/// A connection of a driver, as the writer and the readers use it: a session on a thread of its own.
protocol DriverConnection: Sendable {
    associatedtype Session: DriverSession

    /// Runs `body` on the connection's thread, later, and after everything scheduled before.
    func schedule(_ body: @escaping @Sendable (Session) -> Void)

    /// Finishes what was scheduled and lets go of the connection, which must not be used afterwards.
    func close() async throws(DatabaseError)
}

/// One connection's statements and transactions, used on that connection's thread only.
///
/// A unit that asks for it gets a savepoint, which is opened when its first change comes: a unit that only looks, or is
/// refused before it changed anything, never pays for one.
protocol DriverSession: SQLSession, AnyObject {
    /// What the units of the transaction announced.
    var announcements: Announcements { get set }

    /// Where the transaction stands after what ran last.
    var transaction: TransactionState { get }

    /// Begins a transaction that reads one snapshot.
    func beginRead() throws

    /// Ends the transaction of ``beginRead()``, which changed nothing.
    func endRead()

    /// What makes the statement that runs now end early, callable from any thread; nil when nothing can.
    var interruption: (@Sendable () -> Void)? { get }

    /// Begins a transaction that no other writer of this database runs beside, in whatever process.
    func beginWrite() throws

    /// Makes the transaction durable.
    func commit() throws

    /// Undoes the transaction, if there still is one.
    func rollback()

    /// Begins a unit's share of the transaction; with `savepoint`, ``undoUnit()`` can undo it alone. Unless it
    /// `awaitsDemands`, whether they were met may turn out later, up to the commit.
    func beginUnit(savepoint: Bool, awaitsDemands: Bool)

    /// Whether the unit has made use of its savepoint.
    var hasSavepoint: Bool { get }

    /// Whether the unit changed anything since ``beginUnit(savepoint:awaitsDemands:)``; may say yes for a change undone since.
    var unitChangedSomething: Bool { get }

    /// Keeps the unit's changes as part of the transaction.
    func keepUnit() throws

    /// Undoes the unit's changes alone, back to its savepoint if it has one.
    func undoUnit() throws

    /// Why nothing can be done on this connection at present; nil when something can.
    var outage: DatabaseError? { get }

    /// Blocks until the outage is over; false when the connection was closed instead.
    func recover() -> Bool
}

/// Where a transaction stands.
enum TransactionState: Sendable {
    /// It goes on.
    case open
    /// A statement failed, and all others will until the unit is undone: PostgreSQL's way.
    case failed(DatabaseError)
    /// It lost against another transaction; all of it may be tried again.
    case conflicted(DatabaseError)
    /// A demand of one of its units, not known which, was not met; its units may run again, awaiting theirs.
    case disproved(DatabaseError)
    /// The database has rolled it back by itself: a full disk, an I/O error, no memory. SQLite's way.
    case rolledBack
    /// It cannot go on for any of its units: the connection is gone, or its turn never came.
    case over(DatabaseError)

    /// Whether a demand was not met.
    var isDisproved: Bool {
        if case .disproved = self { true } else { false }
    }
}
