import DatabaseKit
import Testing

extension DatabaseCheck {
    static let units = [
        DatabaseCheck("a committed write is seen by the next read at once") { database in
            try await makeItems(database)
            for number in 0..<200 {
                try await database.write { try insert($0, "item-\(number)", number) }
                let count = try await database.read { try $0.query("SELECT COUNT(*) FROM items")[0].int(0) }
                #expect(count == number + 1)
            }
        },
        DatabaseCheck("a refused unit leaves no trace") { database in
            try await makeItems(database)
            for kind in [WriteKind.ordinary, .refusable] {
                await #expect(throws: Refused.self) {
                    try await database.write(kind) { session in
                        try insert(session, "a", 1)
                        throw Refused()
                    }
                }
            }
            #expect(try await ids(database) == [])
        },
        DatabaseCheck("refused units leave no trace while their neighbours commit") { database in
            try await makeItems(database)
            try await refuseEveryThird(database, .ordinary, "o")
            try await refuseEveryThird(database, .refusable, "r")
            let expected = (0..<300).filter { $0 % 3 != 0 }.flatMap { ["o-\($0 + 1000)", "r-\($0 + 1000)"] }.sorted()
            #expect(try await ids(database) == expected)
        },
        DatabaseCheck("a constraint violation undoes its own unit only") { database in
            try await makeItems(database)
            let refused = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let error = await databaseError {
                            try await database.write { session in
                                try insert(session, "item-\(number)", 1)
                                try insert(session, "pair-\(number / 2)", 1)
                            }
                        }
                        return error?.isUniqueViolation == true
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let stored = try await ids(database)
            #expect(refused == 50)
            #expect(stored.count == 100)
            #expect(stored.filter { $0.hasPrefix("pair") }.count == 50)
        },
        DatabaseCheck("a demand that is not met refuses its own unit only") { database in
            try await makeItems(database)
            for kind in [WriteKind.ordinary, .refusable] {
                try await database.write { _ = try $0.execute("DELETE FROM items") }
                try await demandOfEveryOther(database, kind)
                #expect(try await ids(database) == (0..<100).filter { $0 % 2 == 0 }.map { "item-\($0 + 1000)" })
            }
        },
        DatabaseCheck("a demand that the schema refuses undoes its own unit only") { database in
            try await makeItems(database)
            let refused = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let error = await databaseError {
                            try await database.write { session in
                                try session.demand(
                                    rows: 1, "INSERT INTO items (id, amount) VALUES ($1, 1)", "pair-\(number / 2)")
                                try session.demand(
                                    rows: 1, "INSERT INTO items (id, amount) VALUES ($1, 1)", "item-\(number)")
                            }
                        }
                        return error?.isUniqueViolation == true
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused == 50)
            #expect(try await ids(database).count == 100)
        },
        DatabaseCheck("a lone demand is kept or refused as others are, and seen by what follows it") { database in
            try await makeItems(database)
            let amount = try await database.write { session in
                try session.demand(rows: 1, "INSERT INTO items (id, amount) VALUES ('a', 1)")
                try session.demand(rows: nil, "UPDATE items SET amount = amount + 1 WHERE id = 'a'")
                return try session.first("SELECT amount FROM items WHERE id = 'a'")?.int(0)
            }
            #expect(amount == 2)
            await #expect(throws: Refused.self) {
                try await database.write { session in
                    try insert(session, "b", 1)
                    try session.demand(
                        rows: 1, orThrow: Refused(), "UPDATE items SET amount = 0 WHERE id = 'nobody'")
                }
            }
            try await database.write { try $0.demand(rows: 1, "UPDATE items SET amount = 7 WHERE id = 'a'") }
            let stored = try await database.read { try $0.query("SELECT id, amount FROM items") }
            #expect(stored.count == 1)
            #expect(try stored.first?.int(1) == 7)
        },
        DatabaseCheck("a unit may demand more than is sent at once") { database in
            try await makeItems(database)
            try await database.write { session in
                for number in 0..<500 {
                    try session.demand(rows: 1, "INSERT INTO items (id, amount) VALUES ($1, 1)", "item-\(number)")
                }
            }
            #expect(try await ids(database).count == 500)
        },
        DatabaseCheck("a thousand writers at once all get their own answer") { database in
            try await makeItems(database)
            let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let answer = try await database.write { session in
                            try insert(session, "item-\(number)", number)
                            return try session.first("SELECT amount FROM items WHERE id = $1", "item-\(number)")?
                                .int(0)
                        }
                        return (number, answer ?? -1)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 1000)
            #expect(answers.allSatisfy { $0.0 == $0.1 })
            #expect(try await ids(database).count == 1000)
        },
        DatabaseCheck("concurrent increments are never lost") { database in
            try await makeItems(database)
            try await database.write { try insert($0, "counter", 0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await database.write { session in
                            let now = try session.query("SELECT amount FROM items WHERE id = 'counter'")[0].int(0)
                            try session.execute("UPDATE items SET amount = $1 WHERE id = 'counter'", now + 1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let amount = try await database.read { try $0.query("SELECT amount FROM items")[0].int(0) }
            #expect(amount == 200)
        },
        DatabaseCheck("a read sees one snapshot while writers go on") { database in
            try await makeItems(database)
            try await database.write { session in
                try insert(session, "a", 500)
                try insert(session, "b", 500)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await moveBackAndForth(database) }
                for _ in 0..<100 {
                    let sum = try await database.read { session in
                        let first = try session.query("SELECT amount FROM items WHERE id = 'a'")[0].int(0)
                        return try first + session.query("SELECT amount FROM items WHERE id = 'b'")[0].int(0)
                    }
                    #expect(sum == 1000)
                }
                try await group.waitForAll()
            }
        },
        DatabaseCheck("a closed database refuses politely") { database in
            try await makeItems(database)
            await database.close()
            await database.close()
            let write = await databaseError { try await database.write { try insert($0, "a", 1) } }
            let read = await databaseError { try await database.read { try $0.query("SELECT 1") } }
            #expect(write?.code == .closed)
            #expect(read?.code == .closed)
            #expect(await databaseError { try await database.ping() }?.code == .closed)
        },
    ]

    private static func refuseEveryThird(_ database: any Database, _ kind: WriteKind, _ prefix: String) async throws {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let error = await failure {
                        try await database.write(kind) { session in
                            try insert(session, "\(prefix)-\(number + 1000)", number)
                            if number % 3 == 0 { throw Refused() }
                        }
                    }
                    #expect((error is Refused) == (number % 3 == 0))
                }
            }
        }
    }

    private static func demandOfEveryOther(_ database: any Database, _ kind: WriteKind) async throws {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let error = await failure {
                        try await database.write(kind) { session in
                            let id = "item-\(number + 1000)"
                            try insert(session, id, 1)
                            let wanted = number % 2 == 0 ? id : "nobody"
                            try session.demand(
                                rows: 1, orThrow: Refused(), "UPDATE items SET amount = 2 WHERE id = $1", wanted)
                        }
                    }
                    #expect((error is Refused) == (number % 2 == 1))
                }
            }
        }
    }

    private static func moveBackAndForth(_ database: any Database) async throws {
        for number in 0..<200 {
            let (from, to) = number % 2 == 0 ? ("a", "b") : ("b", "a")
            try await database.write { session in
                try session.execute("UPDATE items SET amount = amount - 100 WHERE id = $1", from)
                try session.execute("UPDATE items SET amount = amount + 100 WHERE id = $1", to)
            }
        }
    }
}
