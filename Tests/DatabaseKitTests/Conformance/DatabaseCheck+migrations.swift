import DatabaseKit
import Testing

extension DatabaseCheck {
    private static let first = Migration(number: 1, name: "first") { _ in ["CREATE TABLE one (id BIGINT)"] }
    private static let second = Migration(number: 2, name: "second") { _ in
        ["CREATE TABLE two (id BIGINT)", "INSERT INTO two (id) VALUES (2)"]
    }

    static let migrations = [
        DatabaseCheck("migrations are applied once, in order") { database in
            try await database.migrate([first])
            try await database.migrate([first, second])
            try await database.migrate([first, second])
            let rows = try await database.read { try $0.query("SELECT id FROM two") }
            #expect(rows.count == 1)
        },
        DatabaseCheck("a schema from a newer program is refused") { database in
            try await database.migrate([first, second])
            let error = await databaseError { try await database.migrate([first]) }
            #expect(error?.code == .schemaTooNew)
            #expect(error?.message.contains("schema 2") == true)
        },
        DatabaseCheck("an edited migration is refused") { database in
            try await database.migrate([first, second])
            let edited = Migration(number: 1, name: "first") { _ in ["CREATE TABLE one (id TEXT)"] }
            let error = await databaseError { try await database.migrate([edited, second]) }
            #expect(error?.code == .migrationChanged)
        },
        DatabaseCheck("a migration added below an applied one is refused") { database in
            try await database.migrate([second])
            #expect(await databaseError { try await database.migrate([first, second]) }?.code == .migrationChanged)
        },
        DatabaseCheck("migrations out of order are refused") { database in
            #expect(await databaseError { try await database.migrate([second, first]) }?.code == .sql)
        },
        DatabaseCheck("a failing migration leaves the schema as it was") { database in
            try await database.migrate([first])
            let broken = Migration(number: 3, name: "broken") { _ in ["CREATE TABLE three (id BIGINT)", "NONSENSE"] }
            #expect(await databaseError { try await database.migrate([first, second, broken]) }?.code == .sql)
            #expect(await databaseError { try await database.read { try $0.query("SELECT id FROM two") } } != nil)
            try await database.migrate([first, second])
        },
        DatabaseCheck("many migrate at once and the schema is made once") { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await database.migrate([first, second]) } }
                try await group.waitForAll()
            }
            #expect(try await database.read { try $0.query("SELECT id FROM two") }.count == 1)
        },
    ]
}
