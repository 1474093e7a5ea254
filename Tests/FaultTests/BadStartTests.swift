import Contracts
import Foundation
import TestSupport
import Testing

/// A service whose database is not what it needs says so in one line and ends; nothing of it is left behind.
@Suite struct BadStartTests {
    private struct Outcome {
        let end: ChildProcess.End
        let lines: [String]
    }

    /// Starts the real inventory on a database and waits until it has ended by itself.
    private func start(on url: String) async throws -> Outcome {
        let directory = try TemporaryDirectory("bad-start")
        let process = try await ChildProcess.launch(
            HoldfastStack.executable(.inventory), environment: environment(url, directory),
            logFile: directory.file("log"))
        let end = try await process.wait(within: .seconds(60))
        let text = try String(contentsOfFile: directory.file("log"), encoding: .utf8)
        return Outcome(end: end, lines: text.split(separator: "\n").map(String.init))
    }

    private func environment(_ url: String, _ directory: TemporaryDirectory) -> [String: String] {
        [
            "DATABASE_URL": url, "DATABASE_WAIT_SECONDS": "1", "PORT": "0", "DATA_DIR": directory.path,
            "REDIS_URL": "redis://127.0.0.1:1", "LOG_LEVEL": "critical",
            "TOKEN_KEYS": "t1:\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))",
        ]
    }

    private func expectRefusal(
        _ outcome: Outcome, naming word: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.end == .exited(1), sourceLocation: sourceLocation)
        #expect(outcome.lines.count == 1, "\(outcome.lines)", sourceLocation: sourceLocation)
        let line = outcome.lines.first ?? ""
        #expect(line.hasPrefix("inventory: cannot start: "), "\(line)", sourceLocation: sourceLocation)
        #expect(line.contains(word), "\(line)", sourceLocation: sourceLocation)
    }

    @Test("a wrong password")
    func wrongPassword() async throws {
        let cluster = try await SharedPostgres.cluster()
        let outcome = try await start(on: cluster.url(password: "wr0ng-s3cret"))
        expectRefusal(outcome, naming: "password")
        #expect(!outcome.lines.contains { $0.contains("wr0ng") })
    }

    @Test("a database that does not exist")
    func noDatabase() async throws {
        let cluster = try await SharedPostgres.cluster()
        expectRefusal(try await start(on: cluster.url("nowhere")), naming: "nowhere")
    }

    @Test("a user without rights: nothing is made")
    func noRights() async throws {
        let cluster = try await SharedPostgres.cluster()
        let name = try await cluster.createDatabase()
        try await cluster.run("CREATE ROLE visitor_\(name) LOGIN PASSWORD 'visitor'")
        let outcome = try await start(on: cluster.url(name, user: "visitor_\(name)", password: "visitor"))
        expectRefusal(outcome, naming: "permission denied")
        let tables = try await cluster.run(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database: name)
        #expect(tables == "0")
    }

    @Test("a server that is not there")
    func noServer() async throws {
        expectRefusal(try await start(on: "postgres://me:s3cret@127.0.0.1:1/inventory"), naming: "127.0.0.1")
    }

    @Test("a schema newer than the program, which is left as it is")
    func newerSchema() async throws {
        let cluster = try await SharedPostgres.cluster()
        let name = try await cluster.createDatabase()
        try await cluster.run(
            """
            CREATE TABLE schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
                checksum TEXT NOT NULL, applied_at BIGINT NOT NULL);
            INSERT INTO schema_migrations VALUES (99, 'tomorrow', 'x', 0)
            """, database: name)
        expectRefusal(try await start(on: cluster.url(name)), naming: "start a newer program")
        let tables = try await cluster.run(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database: name)
        #expect(tables == "1")
    }
}
