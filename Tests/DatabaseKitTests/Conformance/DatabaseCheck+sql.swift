import DatabaseKit
import Testing

extension DatabaseCheck {
    static let sql = [
        DatabaseCheck("values of every type come back as they were stored") { database in
            try await database.migrate([
                Migration(number: 1, name: "kinds") { _ in
                    ["CREATE TABLE kinds (whole BIGINT, part DOUBLE PRECISION, words TEXT, flag BIGINT, gap TEXT)"]
                }
            ])
            let row = try await database.write { session in
                try session.execute(
                    "INSERT INTO kinds (whole, part, words, flag, gap) VALUES ($1, $2, $3, $4, $5)",
                    Int64.min, 0.1, "Zoë 🎟️ 'quoted'", true, String?.none)
                return try session.query("SELECT whole, part, words, flag, gap FROM kinds")[0]
            }
            #expect(try row.int64("whole") == Int64.min)
            #expect(try row.double("part") == 0.1)
            #expect(try row.string("words") == "Zoë 🎟️ 'quoted'")
            #expect(try row.bool("flag"))
            #expect(try row.optionalString("gap") == nil)
            #expect(try row.optionalInt("whole") == Int(Int64.min))
        },
        DatabaseCheck("parameters may repeat and come in any order") { database in
            try await makeItems(database)
            let row = try await database.write { session in
                try session.execute("INSERT INTO items (amount, id, note) VALUES ($2, $1, $1)", "first", 7)
                try session.execute("INSERT INTO items (id, amount, note) VALUES ($3, $1, $2)", 8, "note", "second")
                return try session.first("SELECT id, note FROM items WHERE amount = $2 AND note <> $1", "second", 8)
            }
            #expect(try row?.string("id") == "second")
            #expect(try row?.string("note") == "note")
        },
        DatabaseCheck("a wrong number of parameters is refused") { database in
            try await makeItems(database)
            let tooFew = await databaseError { try await database.read { try $0.query("SELECT $1, $2", 1) } }
            let tooMany = await databaseError { try await database.read { try $0.query("SELECT 1", 1) } }
            #expect(tooFew?.code == .sql)
            #expect(tooMany?.code == .sql)
        },
        DatabaseCheck("a wrong statement is refused with its text") { database in
            let error = await databaseError { try await database.read { try $0.query("SELEKT 1") } }
            #expect(error?.code == .sql)
            #expect(error?.message.contains("SELEKT") == true)
        },
        DatabaseCheck("text with NUL is refused") { database in
            try await makeItems(database)
            let error = await databaseError { try await database.write { try insert($0, "a\0b", 1) } }
            #expect(error?.code == .sql)
        },
        DatabaseCheck("execute counts the rows it changed") { database in
            try await makeItems(database)
            let counts = try await database.write { session in
                for id in ["a", "b", "c"] { try insert(session, id, 1) }
                let update = "UPDATE items SET amount = 2 WHERE id <> $1"
                let upsert = "INSERT INTO items (id, amount) VALUES ($1, 9) ON CONFLICT (id) DO NOTHING"
                return [
                    try session.execute(update, "a"), try session.execute(upsert, "a"),
                    try session.execute(upsert, "d"), try session.execute("DELETE FROM items WHERE id = $1", "x"),
                ]
            }
            #expect(counts == [2, 0, 1, 0])
        },
        DatabaseCheck("RETURNING gives the changed rows") { database in
            try await makeItems(database)
            let amount = try await database.write { session in
                try insert(session, "a", 1)
                return try session.first(
                    "UPDATE items SET amount = amount + $2 WHERE id = $1 RETURNING amount", "a", 4)?.int("amount")
            }
            #expect(amount == 5)
        },
        DatabaseCheck("reading a column as what it is not is an error") { database in
            let row = try await database.read { try $0.query("SELECT 'text' AS a, 5 AS b")[0] }
            #expect(throws: DatabaseError.self) { try row.int("a") }
            #expect(throws: DatabaseError.self) { try row.string("b") }
            #expect(throws: DatabaseError.self) { try row.bool("b") }
            #expect(throws: DatabaseError.self) { try row.string("absent") }
            #expect(throws: DatabaseError.self) { try row.string(2) }
        },
        DatabaseCheck("a read cannot change anything") { database in
            try await makeItems(database)
            let error = await databaseError { try await database.read { try insert($0, "a", 1) } }
            #expect(error != nil)
            #expect(try await ids(database) == [])
        },
    ]

    static let constraints = [
        DatabaseCheck("a unique violation names table and columns") { database in
            try await makeItems(database)
            try await database.write { try insert($0, "a", 1) }
            let error = await databaseError { try await database.write { try insert($0, "a", 2) } }
            #expect(error?.isUniqueViolation == true)
            #expect(error?.constraint?.table == "items")
            #expect(error?.constraint?.columns == ["id"])
        },
        DatabaseCheck("a check violation names its constraint") { database in
            try await makeItems(database)
            let error = await databaseError { try await database.write { try insert($0, "a", -1) } }
            #expect(error?.constraint?.kind == .check)
            #expect(error?.constraint?.name == "amount_positive")
        },
        DatabaseCheck("a missing value names its column") { database in
            try await makeItems(database)
            let error = await databaseError {
                try await database.write { try $0.execute("INSERT INTO items (id) VALUES ($1)", "a") }
            }
            #expect(error?.constraint?.kind == .notNull)
            #expect(error?.constraint?.columns == ["amount"])
        },
        DatabaseCheck("a reference to nothing is refused") { database in
            try await database.migrate([
                Migration(number: 1, name: "family") { _ in
                    [
                        "CREATE TABLE parents (id BIGINT NOT NULL PRIMARY KEY)",
                        "CREATE TABLE children (parent_id BIGINT NOT NULL REFERENCES parents (id))",
                    ]
                }
            ])
            let error = await databaseError {
                try await database.write { try $0.execute("INSERT INTO children (parent_id) VALUES (1)") }
            }
            #expect(error?.constraint?.kind == .foreignKey)
        },
        DatabaseCheck("a violation that the unit catches leaves the unit going") { database in
            try await makeItems(database)
            // PostgreSQL aborts a transaction on any error, so the portable form avoids it: ON CONFLICT.
            let stored = try await database.write { session in
                try insert(session, "a", 1)
                let sql = "INSERT INTO items (id, amount) VALUES ($1, 2) ON CONFLICT (id) DO NOTHING"
                return try session.execute(sql, "a") == 0 ? try session.query("SELECT id FROM items").count : -1
            }
            #expect(stored == 1)
        },
    ]
}
