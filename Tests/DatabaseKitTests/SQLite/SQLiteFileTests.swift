import Foundation
import Testing

@testable import DatabaseKit

@Suite("A SQLite file")
struct SQLiteFileTests {
    @Test("is readable by its owner only")
    func mode() async throws {
        try await withTestFolder { folder in
            let path = folder + "/sub/test.sqlite"
            let database = try SQLiteDatabase(path: path)
            try await DatabaseCheck.makeItems(database)
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            await database.close()
        }
    }

    @Test("has everything acknowledged when it is opened again")
    func reopened() async throws {
        try await withTestFolder { folder in
            let path = folder + "/test.sqlite"
            let first = try SQLiteDatabase(path: path)
            try await DatabaseCheck.makeItems(first)
            let acknowledged = await withTaskGroup(of: String?.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let id = "item-\(number)"
                        return await failure { try await first.write { try DatabaseCheck.insert($0, id, 1) } } == nil
                            ? id : nil
                    }
                }
                return await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
            }
            // A copy of the files as they are now is what a crash would leave behind.
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: folder + "/crashed.sqlite" + suffix)
            }
            await first.close()
            for name in ["test", "crashed"] {
                let again = try SQLiteDatabase(path: "\(folder)/\(name).sqlite")
                try await DatabaseCheck.makeItems(again)
                #expect(acknowledged.count == 500)
                #expect(Set(try await DatabaseCheck.ids(again)) == acknowledged)
                await again.close()
            }
        }
    }

    @Test("is refused to a second instance, and free again after closing")
    func secondInstance() async throws {
        try await withTestFolder { folder in
            let path = folder + "/test.sqlite"
            let first = try SQLiteDatabase(path: path)
            let error = await databaseError { try SQLiteDatabase(path: path) }
            #expect(error?.code == .notOpen)
            #expect(error?.message.contains("in use by process \(getpid())") == true)
            await first.close()
            let second = try SQLiteDatabase(path: path)
            await second.close()
        }
    }

    @Test("is refused while another process has it, with a text that says what to do")
    func secondProcess() async throws {
        try await withTestFolder { folder in
            let path = folder + "/test.sqlite"
            let holder = Process()
            holder.executableURL = URL(fileURLWithPath: "/bin/sh")
            holder.arguments = ["-c", "exec 9>\"$0.lock\"; flock 9; echo $$ >&9; echo held; read line", path]
            let input = Pipe()
            let output = Pipe()
            holder.standardInput = input
            holder.standardOutput = output
            try holder.run()
            #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
            let error = await databaseError { try SQLiteDatabase(path: path) }
            #expect(error?.code == .notOpen)
            #expect(error?.message.contains("in use by process \(holder.processIdentifier)") == true)
            #expect(error?.message.contains("stop the other one first") == true)
            try input.fileHandleForWriting.close()
            holder.waitUntilExit()
            let database = try SQLiteDatabase(path: path)
            await database.close()
        }
    }

    @Test("that is no database is refused")
    func garbage() async throws {
        try await withTestFolder { folder in
            let path = folder + "/test.sqlite"
            try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: path))
            #expect(await databaseError { try SQLiteDatabase(path: path) } != nil)
            #expect(await databaseError { try SQLiteDatabase(path: "/proc/nowhere/test.sqlite") }?.code == .notOpen)
        }
    }

    @Test("keeps its write-ahead log bounded under constant writing and reading, and folds it away on closing")
    func checkpoints() async throws {
        try await withTestFolder { folder in
            let path = folder + "/test.sqlite"
            var configuration = SQLiteConfiguration()
            configuration.checkpointPages = 200
            let database = try SQLiteDatabase(path: path, configuration: configuration)
            try await DatabaseCheck.makeItems(database)
            let note = String(repeating: "n", count: 3000)
            let written = Flag()
            let reading = Task {
                while !written.isSet { _ = try await DatabaseCheck.ids(database).count }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<8 {
                    group.addTask {
                        for number in 0..<500 {
                            try await database.write {
                                try $0.execute(
                                    "INSERT INTO items (id, amount, note) VALUES ($1, 1, $2)",
                                    "\(caller)-\(number)", note)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            written.set()
            try await reading.value
            let size = { try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0 }
            // 4,000 rows of 3 KB are at least 3,000 pages of 4 KiB; the log starts over every few hundred.
            #expect(try size() < 1500 * 4120)
            await database.close()
            #expect((try? size()) ?? 0 == 0)
            let again = try SQLiteDatabase(path: path)
            #expect(try await DatabaseCheck.ids(again).count == 4000)
            await again.close()
        }
    }

    @Test("refuses a unit that fills it up, and smaller ones go on")
    func full() async throws {
        try await withSQLite { database in
            try await DatabaseCheck.makeItems(database)
            try await database.write { _ = try $0.query("PRAGMA max_page_count = 64") }
            let large = String(repeating: "x", count: 1_000_000)
            let gate = Gate()
            let first = try await database.occupy(gate)
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
}
