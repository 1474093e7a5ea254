import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DatabaseKit

@Suite("Group commit", .onBothDatabases)
struct GroupCommitTests {
    @Test("units that wait together share one commit")
    func batches() async throws {
        let commits = Mutex<[Int]>([])
        var limits = GroupLimits()
        limits.beforeCommit = { units in commits.withLock { $0.append(units) } }
        try await withDatabase(limits) { database in
            try await DatabaseCheck.makeItems(database)
            commits.withLock { $0 = [] }
            let gate = Gate()
            let first = try await database.occupy(gate)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    group.addTask { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
                }
                try await eventually { database.unitsWaiting == 64 }
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
        var limits = GroupLimits()
        limits.batchMax = 10
        limits.beforeCommit = { units in commits.withLock { $0.append(units) } }
        try await withDatabase(limits) { database in
            try await DatabaseCheck.makeItems(database)
            commits.withLock { $0 = [] }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
                }
                try await group.waitForAll()
            }
            #expect(commits.withLock { $0.max() ?? 0 } <= 10)
            #expect(commits.withLock { $0.reduce(0, +) } == 200)
        }
    }

    @Test("units that one merger knows run together, and what it leaves open runs by itself behind them")
    func merged() async throws {
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let handed = Mutex<[[Int]]>([])
            let merger = UnitMerger<Int, String>(unitsMax: 8) { number, session in
                try DatabaseCheck.insert(session, "alone-\(number)", 1)
                return "alone"
            } together: { numbers, session in
                handed.withLock { $0.append(numbers) }
                return try numbers.map { number in
                    switch number % 3 {
                    case 0: return nil
                    case 1: return .failure(Refused())
                    default:
                        try session.demand(
                            rows: 1, "INSERT INTO items (id, amount) VALUES ($1, 1)", "together-\(number)")
                        return .success("together")
                    }
                }
            }
            let gate = Gate()
            let first = try await database.occupy(gate)
            let tasks = (0..<12).map { number in Task { try await database.write(number, by: merger) } }
            try await eventually { database.unitsWaiting == 12 }
            gate.open()
            try await first.value
            for (number, task) in tasks.enumerated() {
                let answer = await task.result
                switch number % 3 {
                case 0: #expect(try answer.get() == "alone")
                case 1: #expect(throws: Refused.self) { try answer.get() }
                default: #expect(try answer.get() == "together")
                }
            }
            #expect(handed.withLock { $0.map(\.count) } == [8, 4])
            #expect(handed.withLock { Set($0.joined()) } == Set(0..<12))
            let expected = (0..<12).filter { $0 % 3 != 1 }.map { $0 % 3 == 0 ? "alone-\($0)" : "together-\($0)" }
            #expect(try await DatabaseCheck.ids(database) == expected.sorted())
        }
    }

    @Test("units whose merger fails, or demands what is not so, run one by one", arguments: [false, true])
    func mergerFails(throwing: Bool) async throws {
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let merger = UnitMerger<Int, Int> { number, session in
                try DatabaseCheck.insert(session, "\(number)", 1)
                return number
            } together: { numbers, session in
                for number in numbers { try DatabaseCheck.insert(session, "together-\(number)", 1) }
                if throwing { throw Refused() }
                try session.demand(rows: 1, "UPDATE items SET amount = 2 WHERE id = 'nobody'")
                return numbers.map { .success($0) }
            }
            let gate = Gate()
            let first = try await database.occupy(gate)
            let tasks = (0..<5).map { number in Task { try await database.write(number, by: merger) } }
            try await eventually { database.unitsWaiting == 5 }
            gate.open()
            try await first.value
            for (number, task) in tasks.enumerated() { #expect(try await task.value == number) }
            #expect(try await DatabaseCheck.ids(database) == ["0", "1", "2", "3", "4"])
        }
    }

    @Test("a full queue refuses at once, and what was accepted is done")
    func overload() async throws {
        var limits = GroupLimits()
        limits.queueMax = 5
        try await withDatabase(limits) { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await database.occupy(gate)
            let accepted = (0..<5).map { number in
                Task { try await database.write { try DatabaseCheck.insert($0, "\(number)", 1) } }
            }
            try await eventually { database.unitsWaiting == 5 }
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
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await database.occupy(gate)
            let doomed = Task { try await database.write { try DatabaseCheck.insert($0, "doomed", 1) } }
            try await eventually { database.unitsWaiting == 1 }
            let other = Task { try await database.write { try DatabaseCheck.insert($0, "other", 1) } }
            try await eventually { database.unitsWaiting == 2 }
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
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await database.occupy(gate)
            var tasks: [Task<Int, any Error>] = []
            for number in 0..<50 {
                tasks.append(
                    Task {
                        try await database.write { session in
                            try DatabaseCheck.insert(session, "\(number)", 1)
                            return try session.query("SELECT COUNT(*) FROM items")[0].int(0)
                        }
                    })
                try await eventually { database.unitsWaiting == number + 1 }
            }
            gate.open()
            try await first.value
            for (number, task) in tasks.enumerated() {
                #expect(try await task.value == number + 1)
            }
        }
    }

    @Test(
        "a commit that fails answers everyone in it with the error, and the next one works")
    func commitFailure() async throws {
        let failing = Flag()
        var limits = GroupLimits()
        limits.beforeCommit = { _ in
            if failing.isSet { throw DatabaseError(.ioError, "the disk is gone") }
        }
        try await withDatabase(limits) { database in
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
        try await withDatabase { database in
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

    @Test(
        "refusals that changed nothing, or were announced, cost their neighbours no replay")
    func noReplay() async throws {
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let runs = Mutex(0)
            let gate = Gate()
            let first = try await database.occupy(gate)
            let neighbour = Task {
                try await database.write { session in
                    runs.withLock { $0 += 1 }
                    try DatabaseCheck.insert(session, "neighbour", 1)
                }
            }
            try await eventually { database.unitsWaiting == 1 }
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
            try await eventually { database.unitsWaiting == 3 }
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
        try await withDatabase { database in
            try await DatabaseCheck.makeItems(database)
            let gate = Gate()
            let first = try await database.occupy(gate)
            let waiting = Task { try await database.write { try DatabaseCheck.insert($0, "a", 1) } }
            try await eventually { database.unitsWaiting == 1 }
            let closing = Task { await database.close() }
            gate.open()
            try await first.value
            try await waiting.value
            await closing.value
        }
    }
}
