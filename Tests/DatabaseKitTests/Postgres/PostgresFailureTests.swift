import Foundation
import TestSupport
import Testing

@testable import DatabaseKit

@Suite("When PostgreSQL fails")
struct PostgresFailureTests {
    private func write(_ database: PostgresDatabase, _ id: String) async throws {
        try await database.write { session in
            try DatabaseCheck.insert(session, id, 1)
            try DatabaseCheck.insert(session, id + "-twin", 1)
        }
    }

    /// Writes pairs from many tasks until `ended`; returns which were acknowledged and which errors came.
    private func writePairs(
        _ database: PostgresDatabase, until ended: Flag
    ) async -> (acknowledged: Set<String>, errors: [DatabaseError]) {
        await withTaskGroup(of: ([String], [DatabaseError]).self) { group in
            for caller in 0..<16 {
                group.addTask {
                    var acknowledged: [String] = []
                    var errors: [DatabaseError] = []
                    var number = 0
                    while !ended.isSet {
                        number += 1
                        let id = "\(caller)-\(number)"
                        if let error = await databaseError({ try await write(database, id) }) {
                            errors.append(error)
                            try? await Task.sleep(for: .milliseconds(2))
                        } else {
                            acknowledged.append(id)
                        }
                    }
                    return (acknowledged, errors)
                }
            }
            return await group.reduce(into: ([], [])) { result, part in
                result.0.formUnion(part.0)
                result.1 += part.1
            }
        }
    }

    @Test("by being killed, what was acknowledged is there, nothing is there by half, and all goes on by itself")
    func killed() async throws {
        let cluster = try await PrivatePostgres.start(.init(synchronous: true))
        try await withPostgres(on: cluster) { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            let ended = Flag()
            async let writing = writePairs(database, until: ended)
            for round in 1...2 {
                try await eventually(within: .seconds(20), "some writes") {
                    try await database.read { try $0.query("SELECT COUNT(*) FROM items")[0].int(0) } > round * 100
                }
                cluster.kill()
                let outage = await databaseError { try await database.ping() }
                #expect(outage?.code == .unavailable)
                try await cluster.restart()
                try await eventually(within: .seconds(20), "readiness") {
                    await databaseError { try await database.ping() } == nil
                }
            }
            let before = try await DatabaseCheck.ids(database).count
            try await eventually(within: .seconds(20), "writes after the last outage") {
                try await DatabaseCheck.ids(database).count > before
            }
            ended.set()
            let (acknowledged, errors) = await writing
            let stored = Set(try await DatabaseCheck.ids(database))
            #expect(acknowledged.count > 100)
            #expect(acknowledged.isSubset(of: stored))
            #expect(stored.allSatisfy { $0.hasSuffix("-twin") || stored.contains($0 + "-twin") })
            #expect(stored.count(where: { $0.hasSuffix("-twin") }) * 2 == stored.count)
            #expect(errors.allSatisfy { $0.code == .unavailable || $0.code == .outcomeUnknown })
        }
    }

    @Test("by being stopped, callers are refused at once until it is back")
    func stopped() async throws {
        let cluster = try await PrivatePostgres.start()
        try await withPostgres(on: cluster) { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            cluster.stop()
            try await eventually { await databaseError { try await database.ping() }?.code == .unavailable }
            #expect(await databaseError { try await write(database, "a") }?.code == .unavailable)
            #expect(await databaseError { try await DatabaseCheck.ids(database) }?.code == .unavailable)
            try await cluster.restart()
            try await eventually { await databaseError { try await write(database, "b") } == nil }
            try await eventually { await databaseError { try await database.ping() } == nil }
            #expect(try await DatabaseCheck.ids(database) == ["b", "b-twin"])
        }
    }

    @Test("by ending idle connections, nobody notices")
    func terminatedIdle() async throws {
        try await withPostgres { database, name, cluster in
            try await DatabaseCheck.makeItems(database)
            for round in 0..<5 {
                try await write(database, "\(round)")
                _ = try await DatabaseCheck.ids(database)
                try await cluster.run(
                    """
                    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                    WHERE datname = '\(name)' AND pid <> pg_backend_pid()
                    """)
            }
            #expect(try await DatabaseCheck.ids(database).count == 10)
        }
    }

    @Test("by ending a connection in the middle of a unit, the unit is refused and the next one is not")
    func terminatedBusy() async throws {
        try await withPostgres { database, name, cluster in
            try await DatabaseCheck.makeItems(database)
            let error = await databaseError {
                try await database.write { session in
                    try DatabaseCheck.insert(session, "half", 1)
                    let process = try session.query("SELECT pg_backend_pid()")[0].int(0)
                    try cluster.runBlocking("SELECT pg_terminate_backend(\(process), 5000)", database: name)
                    try DatabaseCheck.insert(session, "other half", 1)
                }
            }
            #expect(error?.code == .unavailable)
            try await write(database, "whole")
            #expect(try await DatabaseCheck.ids(database) == ["whole", "whole-twin"])
        }
    }

    @Test("during a commit, the outcome is said to be unknown")
    func commitLost() async throws {
        let cluster = try await PrivatePostgres.start()
        let losing = Flag()
        try await withPostgres(on: cluster) { configuration in
            configuration.beforeCommit = { _ in if losing.isSet { cluster.kill() } }
        } _: { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            losing.set()
            let gate = Gate()
            let first = try await database.occupy(gate)
            let refused = Task {
                try await database.write(.refusable) { session in
                    try DatabaseCheck.insert(session, "refused", 1)
                    throw Refused()
                }
            }
            let written = Task { try await write(database, "a") }
            try await eventually { database.writer.waiting == 2 }
            gate.open()
            // A refusal is no answer either, when what it was decided on may not have been stored.
            for task in [first, refused, written] {
                #expect(await databaseError { try await task.value }?.code == .outcomeUnknown)
            }
            losing.clear()
            try await cluster.restart()
            try await eventually { await databaseError { try await write(database, "b") } == nil }
        }
    }

    @Test("by hanging, callers get an error in bounded time, and all goes on when it does")
    func paused() async throws {
        let cluster = try await PrivatePostgres.start()
        try await withPostgres(on: cluster) { configuration in
            configuration.statementTimeout = .seconds(1)
            configuration.lockTimeout = .seconds(1)
            configuration.answerGrace = .milliseconds(500)
            configuration.connectTimeout = .seconds(1)
        } _: { database, _, _ in
            try await DatabaseCheck.makeItems(database)
            _ = try await DatabaseCheck.ids(database)
            cluster.pause()
            #expect(await databaseError { try await write(database, "a") }?.code == .unavailable)
            #expect(await databaseError { try await DatabaseCheck.ids(database) }?.code == .unavailable)
            let cancelled = Task { try await write(database, "c") }
            cancelled.cancel()
            #expect(await failure { try await cancelled.value } != nil)
            cluster.resume()
            try await eventually { await databaseError { try await write(database, "b") } == nil }
            try await eventually { await databaseError { try await database.ping() } == nil }
            #expect(try await DatabaseCheck.ids(database) == ["b", "b-twin"])
        }
    }

    @Test("to answer a read in time, the read ends with an error and its connection is as good as new")
    func slowRead() async throws {
        try await withPostgres { configuration in
            configuration.statementTimeout = .milliseconds(500)
            configuration.readers = 1
        } _: { database, _, _ in
            let error = await databaseError { try await database.read { try $0.query("SELECT pg_sleep(60)") } }
            #expect(error?.code == .busy)
            try await database.ping()
        }
    }

    @Test("to come to an end before the caller gives up, the read is ended and the next one is not")
    func cancelledRead() async throws {
        try await withPostgres {
            $0.readers = 1
        } _: { database, name, cluster in
            for _ in 0..<10 {
                let read = Task {
                    try await database.read { try $0.query("SELECT pg_sleep(60)") }
                }
                try await eventually {
                    try await cluster.run(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = '\(name)' AND state = 'active' AND query LIKE '%pg_sleep(60)'
                        """) == "1"
                }
                read.cancel()
                #expect(await failure { try await read.value } is CancellationError)
                try await database.ping()
            }
        }
    }

    @Test("to find room on its disk, the unit is refused, its neighbours are not, and nothing is there by half")
    func full() async throws {
        let cluster = try await PrivatePostgres.start()
        guard let room = try await cluster.makeSmallRoom(megabytes: 16) else { return }
        defer { room.remove() }
        let name = try await cluster.createDatabase(in: room)
        let database = try await openPostgres(cluster.url(name))
        try await DatabaseCheck.makeItems(database)
        try await write(database, "before")
        let error = await databaseError {
            try await database.write { session in
                for number in 0..<2000 {
                    // Nothing that compresses: random text.
                    try session.execute(
                        """
                        INSERT INTO items (id, amount, note)
                        SELECT $1, 1, string_agg(md5(random()::text), '') FROM generate_series(1, 300)
                        """, "large-\(number)")
                }
            }
        }
        #expect(error?.code == .full)
        #expect(try await DatabaseCheck.ids(database) == ["before", "before-twin"])
        await database.close()
    }
}
