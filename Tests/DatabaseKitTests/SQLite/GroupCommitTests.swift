import Dispatch
import Foundation
import Synchronization
import Testing

@testable import DatabaseKit

@Suite("Group commit")
struct GroupCommitTests {
    /// Keeps the writer busy with one unit until the gate opens, and returns when it has begun.
    private func occupy(_ database: SQLiteDatabase, _ gate: Gate) async throws -> Task<Void, any Error> {
        let begun = Flag()
        let task = Task {
            try await database.write { _ in
                begun.set()
                try gate.pass()
            }
        }
        try await eventually { begun.isSet }
        return task
    }

    @Test("units that wait together share one commit")
    func batches() async throws {
        let commits = Mutex<[Int]>([])
        var configuration = SQLiteConfiguration(name: "test")
        configuration.beforeCommit = { units in commits.withLock { $0.append(units) } }
        try await withSQLite(configuration) { database in
            try await DatabaseCheck.makeItems(database)
            commits.withLock { $0 = [] }
            let gate = Gate()
            let first = try await occupy(database, gate)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    group.addTask { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
                }
                try await eventually { database.writer.waiting == 64 }
                gate.open()
                try await group.waitForAll()
            }
            try await first.value
            #expect(commits.withLock { $0 } == [65])
        }
    }

    @Test("a batch never exceeds its bound")
    func bound() async throws {
        let commits = Mutex<[Int]>([])
        var configuration = SQLiteConfiguration(name: "test")
        configuration.batchMax = 10
        configuration.beforeCommit = { units in commits.withLock { $0.append(units) } }
        try await withSQLite(configuration) { database in
            try await DatabaseCheck.makeItems(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
                }
                try await group.waitForAll()
            }
            #expect(commits.withLock { $0.max() ?? 0 } <= 10)
            #expect(commits.withLock { $0.reduce(0, +) } == 201)
        }
    }

    @Test("a full queue refuses at once, and what was accepted is done")
    func overload() async throws {
        var configuration = SQLiteConfiguration(name: "test")
        configuration.queueMax = 5
        try await withSQLite(configuration) { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await occupy(database, gate)
            let accepted = (0..<5).map { number in
                Task { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
            }
            try await eventually { database.writer.waiting == 5 }
            let error = await databaseError { try await database.write { try DatabaseCheck.insert($0, "x", 1) } }
            #expect(error?.code == .overloaded)
            gate.open()
            try await first.value
            for task in accepted { try await task.value }
            #expect(try await DatabaseCheck.ids(database) == ["0", "1", "2", "3", "4"])
        }
    }

    @Test("a cancelled caller's unit that has not begun is not run")
    func cancellation() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await occupy(database, gate)
            let doomed = Task { try await database.write { try DatabaseCheck.insert($0, "doomed", 1) } }
            try await eventually { database.writer.waiting == 1 }
            let other = Task { try await database.write { try DatabaseCheck.insert($0, "other", 1) } }
            try await eventually { database.writer.waiting == 2 }
            doomed.cancel()
            gate.open()
            await #expect(throws: CancellationError.self) { try await doomed.value }
            try await first.value
            try await other.value
            #expect(try await DatabaseCheck.ids(database) == ["other"])
        }
    }

    @Test("units run in the order they came")
    func order() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await occupy(database, gate)
            var tasks: [Task<Int, any Error>] = []
            for number in 0..<50 {
                tasks.append(
                    Task {
                        try await database.write { session in
                            try DatabaseCheck.insert(session, "\(number)", 1)
                            return try session.query("SELECT COUNT(*) FROM items")[0].int(0)
                        }
                    })
                try await eventually { database.writer.waiting == number + 1 }
            }
            gate.open()
            try await first.value
            for (number, task) in tasks.enumerated() {
                #expect(try await task.value == number + 1)
            }
        }
    }

    @Test("a commit that fails answers everyone in it with the error, and the next one works")
    func commitFailure() async throws {
        let failing = Flag()
        var configuration = SQLiteConfiguration(name: "test")
        configuration.beforeCommit = { _ in
            if failing.isSet { throw DatabaseError(.ioError, "the disk is gone") }
        }
        try await withSQLite(configuration) { database in
            try await DatabaseCheck.makeItems(database)
            failing.set()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let error = await databaseError {
                            try await database.write { session in
                                try DatabaseCheck.insert(session, "\(number)", 1)
                                if number == 7 { throw Refused() }
                            }
                        }
                        // A refusal decided on a state that was not stored is no answer either, unless it was alone.
                        #expect(error?.code == .ioError || number == 7)
                    }
                }
            }
            failing.clear()
            #expect(try await DatabaseCheck.ids(database) == [])
            try await database.write { try DatabaseCheck.insert($0, "after", 1) }
            #expect(try await DatabaseCheck.ids(database) == ["after"])
        }
    }

    @Test("a unit that only the commit refuses is refused alone")
    func deferredConstraint() async throws {
        try await withSQLite { database in
            try await database.migrate([
                Migration(number: 1, name: "family") { _ in
                    [
                        "CREATE TABLE parents (id BIGINT NOT NULL PRIMARY KEY)",
                        """
                        CREATE TABLE children (
                            id BIGINT NOT NULL PRIMARY KEY,
                            parent_id BIGINT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
                        )
                        """,
                    ]
                }
            ])
            let refused = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let parent: Int? = number == 3 ? 99 : nil
                        return await databaseError {
                            try await database.write {
                                try $0.execute(
                                    "INSERT INTO children (id, parent_id) VALUES ($1, $2)", number, parent)
                            }
                        }?.constraint?.kind == .foreignKey
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused == 1)
            let count = try await database.read { try $0.query("SELECT COUNT(*) FROM children")[0].int(0) }
            #expect(count == 19)
        }
    }

    @Test("a unit that fills the file up is refused, and smaller ones go on")
    func full() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            try await database.write { _ = try $0.query("PRAGMA max_page_count = 64") }
            let large = String(repeating: "x", count: 1_000_000)
            let gate = Gate()
            let first = try await occupy(database, gate)
            let greedy = Task {
                try await database.write {
                    try $0.execute("INSERT INTO items (id, amount, note) VALUES ('large', 1, $1)", large)
                }
            }
            try await eventually { database.writer.waiting == 1 }
            let modest = Task { try await database.write { try DatabaseCheck.insert($0, "small", 1) } }
            try await eventually { database.writer.waiting == 2 }
            gate.open()
            try await first.value
            try await modest.value
            #expect(await databaseError { try await greedy.value }?.code == .full)
            #expect(try await DatabaseCheck.ids(database) == ["small"])
        }
    }

    @Test("refusals that changed nothing, or were announced, cost their neighbours no replay")
    func noReplay() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            let runs = Mutex(0)
            let gate = Gate()
            let first = try await occupy(database, gate)
            let neighbour = Task {
                try await database.write { session in
                    runs.withLock { $0 += 1 }
                    try DatabaseCheck.insert(session, "neighbour", 1)
                }
            }
            try await eventually { database.writer.waiting == 1 }
            let harmless = Task {
                try await database.write { session in
                    guard try session.execute("UPDATE items SET amount = 2 WHERE id = 'absent'") == 1 else {
                        throw Refused()
                    }
                }
            }
            let announced = Task {
                try await database.write(.refusable) { session in
                    try DatabaseCheck.insert(session, "gone", 1)
                    throw Refused()
                }
            }
            try await eventually { database.writer.waiting == 3 }
            gate.open()
            try await first.value
            try await neighbour.value
            #expect(await failure { try await harmless.value } is Refused)
            #expect(await failure { try await announced.value } is Refused)
            #expect(runs.withLock { $0 } == 1)
            #expect(try await DatabaseCheck.ids(database) == ["neighbour"])
        }
    }

    @Test("closing answers everything that was accepted")
    func close() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await occupy(database, gate)
            let waiting = Task { try await database.write { try DatabaseCheck.insert($0, "a", 1) } }
            try await eventually { database.writer.waiting == 1 }
            let closing = Task { await database.close() }
            gate.open()
            try await first.value
            try await waiting.value
            await closing.value
        }
    }
}
