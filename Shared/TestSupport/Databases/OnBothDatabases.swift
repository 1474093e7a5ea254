// Where the standard library is linked statically, as in the benchmarks, there are no tests and no module for them.
#if canImport(Testing)
    package import Testing

    /// Runs each test of a suite once on every database that stores must work on.
    ///
    /// A trait rather than an argument, so that a test is written as if there were one database; what it opens by
    /// ``TestDatabase/current`` is the one whose turn it is. Issues say which that was.
    package struct OnBothDatabases: TestTrait, SuiteTrait, TestScoping {
        package var isRecursive: Bool { true }

        package func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
        ) async throws {
            for database in TestDatabase.allCases {
                try await Self.naming(database).provideScope(for: test, testCase: testCase) {
                    switch database {
                    case .sqlite: try await Self.run(function, on: database)
                    case .postgres: try await SharedPostgres.use { try await Self.run(function, on: database) }
                    }
                }
            }
        }

        private static func run(
            _ function: @Sendable () async throws -> Void, on database: TestDatabase
        ) async throws {
            let turn = TestDatabase.Turn(database)
            do {
                try await TestDatabase.$turn.withValue(turn) { try await function() }
            } catch {
                try await turn.end()
                throw error
            }
            try await turn.end()
        }

        private static func naming(_ database: TestDatabase) -> IssueHandlingTrait {
            .compactMapIssues { issue in
                var issue = issue
                issue.comments.append("on \(database.rawValue)")
                return issue
            }
        }
    }

    extension Trait where Self == OnBothDatabases {
        /// Runs each test on SQLite and on PostgreSQL.
        package static var onBothDatabases: Self { OnBothDatabases() }
    }
#endif
