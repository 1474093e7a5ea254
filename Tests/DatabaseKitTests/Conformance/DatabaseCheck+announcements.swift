import DatabaseKit
import Synchronization
import TestSupport
import Testing

extension DatabaseCheck {
    /// What an observer was told, call by call.
    private final class Told: Sendable {
        private let calls = Mutex<[Set<String>]>([])

        var all: [Set<String>] { calls.withLock { $0 } }
        var subjects: Set<String> { all.reduce(into: []) { $0.formUnion($1) } }

        init(by database: any Database) {
            database.observeCommits { subjects in self.calls.withLock { $0.append(subjects) } }
        }
    }

    static let announcements = [
        DatabaseCheck("a commit tells what its units announced, and it is stored by then") { database in
            try await makeItems(database)
            let told = Told(by: database)
            try await database.write { session in
                try insert(session, "a", 1)
                session.announce("a")
                session.announce("b")
                session.announce("a")
            }
            try await eventually { told.all == [["a", "b"]] }
            try await database.write { try insert($0, "silent", 1) }
            try await database.write { session in
                try insert(session, "c", 1)
                session.announce("c")
            }
            try await eventually { told.all.last == ["c"] }
            #expect(told.all == [["a", "b"], ["c"]])
        },
        DatabaseCheck("what a refused unit announced is told of nobody") { database in
            try await makeItems(database)
            let told = Told(by: database)
            for kind in [WriteKind.ordinary, .refusable] {
                await #expect(throws: Refused.self) {
                    try await database.write(kind) { session in
                        session.announce("refused")
                        try insert(session, "a", 1)
                        throw Refused()
                    }
                }
            }
            try await database.write { $0.announce("kept") }
            try await eventually { told.subjects.contains("kept") }
            #expect(told.all == [["kept"]])
        },
        DatabaseCheck("all units of a crowd are told of, in fewer calls than units") { database in
            try await makeItems(database)
            let told = Told(by: database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        try await database.write { session in
                            try insert(session, "item-\(number)", 1)
                            session.announce("\(number % 100)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually { told.subjects.count == 100 }
            #expect(told.all.count < 500)
        },
    ]
}
