import Synchronization
import TestSupport
import Testing

@testable import DatabaseKit

@Suite("The writers of a PostgreSQL database")
struct PostgresTurnTests {
    @Test("take turns, so that no process decides on what another one is changing")
    func turns() async throws {
        try await withPostgres { first, name, cluster in
            try await DatabaseCheck.makeItems(first)
            try await first.write { try DatabaseCheck.insert($0, "counter", 0) }
            let others = [
                try await openPostgres(cluster.url(name)), try await openPostgres(cluster.url(name)),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for database in [first] + others {
                    for caller in 0..<20 {
                        group.addTask {
                            for number in 0..<50 { try await count(database, "\(caller)-\(number)") }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for database in others { await database.close() }
            let amount = try await first.read {
                try $0.query("SELECT amount FROM items WHERE id = 'counter'")[0].int(0)
            }
            #expect(amount == 3000)
        }
    }

    @Sendable private func count(_ database: PostgresDatabase, _ id: String) async throws {
        try await database.write { session in
            let now = try session.query("SELECT amount FROM items WHERE id = 'counter'")[0].int(0)
            try session.execute("UPDATE items SET amount = $1 WHERE id = 'counter'", now + 1)
        }
    }

    @Test("migrate once when several start together")
    func replicas() async throws {
        let cluster = try await SharedPostgres.cluster()
        let name = try await cluster.createDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let database = try await openPostgres(cluster.url(name))
                    try await DatabaseCheck.makeItems(database)
                    await database.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await cluster.run("SELECT count(*) FROM schema_migrations", database: name) == "1")
    }

    @Test("go on, as readers do, when a newer program has changed the tables")
    func schemaChange() async throws {
        try await withPostgres { database, name, cluster in
            try await DatabaseCheck.makeItems(database)
            let look: @Sendable (any SQLSession) throws -> Int = {
                try $0.query("SELECT * FROM items")[0].columns.names.count
            }
            try await database.write { try DatabaseCheck.insert($0, "a", 1) }
            for _ in 0..<8 { #expect(try await database.read(look) == 3) }
            for _ in 0..<8 { #expect(try await database.write(look) == 3) }
            try await cluster.run("ALTER TABLE items ADD COLUMN extra TEXT", database: name)
            for _ in 0..<8 { #expect(try await database.read(look) == 4) }
            for _ in 0..<8 { #expect(try await database.write(look) == 4) }
        }
    }

    @Test("do not wait for ever for one that does not end its turn")
    func stuck() async throws {
        try await withPostgres {
            $0.lockTimeout = .milliseconds(200)
        } _: { database, name, cluster in
            try await DatabaseCheck.makeItems(database)
            let holder = try cluster.session(database: name)
            holder.write("BEGIN; SELECT 'turn' FROM pg_advisory_xact_lock(\(PostgresSession.turn));\n")
            #expect(holder.read(toEnd: false).contains("turn"))
            let error = await databaseError { try await database.write { try DatabaseCheck.insert($0, "a", 1) } }
            #expect(error?.code == .busy)
            // Reads need no turn.
            #expect(try await DatabaseCheck.ids(database) == [])
            holder.write("ROLLBACK;\n\\q\n")
            holder.wait()
            try await database.write { try DatabaseCheck.insert($0, "b", 1) }
            #expect(try await DatabaseCheck.ids(database) == ["b"])
        }
    }

    @Test("lose their turn when they are stopped in the middle of it")
    func idleHolder() async throws {
        try await withPostgres {
            $0.idleTransactionTimeout = .seconds(1)
        } _: { database, name, cluster in
            try await DatabaseCheck.makeItems(database)
            let other = try await openPostgres(cluster.url(name))
            let gate = Gate()
            let begun = Flag()
            let stopped = Task {
                try await database.write { session in
                    try DatabaseCheck.insert(session, "stopped", 1)
                    begun.set()
                    try gate.pass()
                }
            }
            try await eventually { begun.isSet }
            try await other.write { try DatabaseCheck.insert($0, "other", 1) }
            gate.open()
            // Its connection was ended by the server: nothing of the unit is stored, and it is told so.
            #expect(await databaseError { try await stopped.value } != nil)
            try await database.write { try DatabaseCheck.insert($0, "again", 1) }
            #expect(try await DatabaseCheck.ids(other) == ["again", "other"])
            await other.close()
        }
    }

    @Test("try again what lost against a foreign transaction, and only that", arguments: ["40001", "40P01"])
    func conflicts(_ state: String) async throws {
        try await withPostgres { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            let runs = Mutex(0)
            try await database.write { session in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                try DatabaseCheck.insert(session, "run-\(run)", run)
                if run < 3 { try raise(state, session) }
            }
            #expect(try await DatabaseCheck.ids(database) == ["run-3"])
        }
    }

    @Test("give up what always loses, with an error that asks for a later attempt")
    func hopeless() async throws {
        try await withPostgres { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            let runs = Mutex(0)
            let error = await databaseError {
                try await database.write { session in
                    runs.withLock { $0 += 1 }
                    try raise("40001", session)
                }
            }
            #expect(error?.code == .busy)
            #expect(runs.withLock { $0 } == 5)
            let other = await databaseError { try await database.write { try raise("22012", $0) } }
            #expect(other?.code == .sql)
        }
    }

    @Sendable private func raise(_ state: String, _ session: any SQLSession) throws {
        try session.execute("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '\(state)'; END $$")
    }
}
