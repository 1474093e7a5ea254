import Foundation
import TestSupport
import Testing

@testable import DatabaseKit

@Suite("Opening a PostgreSQL database")
struct PostgresStartTests {
    private func refusal(_ url: String, patience: Duration = .zero) async throws -> DatabaseError {
        let error = await databaseError {
            let database = try await openPostgres(url) { $0.startPatience = patience }
            await database.close()
        }
        return try #require(error)
    }

    @Test("with a wrong password says so, and not which")
    func password() async throws {
        let cluster = try await SharedPostgres.cluster()
        let error = try await refusal(cluster.url(password: "wr0ng!"), patience: .seconds(60))
        #expect(error.code == .notOpen)
        #expect(error.message.contains("password"))
        #expect(!error.message.contains("wr0ng"))
        #expect(!error.message.contains("\n"))
    }

    @Test("that does not exist names it")
    func absent() async throws {
        let cluster = try await SharedPostgres.cluster()
        let error = try await refusal(cluster.url("nowhere"), patience: .seconds(60))
        #expect(error.code == .notOpen)
        #expect(error.message.contains("nowhere"))
        #expect(!error.message.contains(cluster.password))
    }

    @Test("without the right to make tables fails to migrate, and leaves nothing behind")
    func rights() async throws {
        let cluster = try await SharedPostgres.cluster()
        let name = try await cluster.createDatabase()
        try await cluster.run("CREATE ROLE guest_\(name) LOGIN PASSWORD 'guest'")
        let database = try await openPostgres(cluster.url(name, user: "guest_\(name)", password: "guest"))
        let error = await databaseError { try await DatabaseCheck.makeItems(database) }
        await database.close()
        #expect(error?.code == .notOpen)
        #expect(error?.message.contains("permission denied") == true)
        #expect(
            try await cluster.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database: name) == "0")
    }

    @Test("in another encoding is refused with what to do")
    func encoding() async throws {
        let cluster = try await SharedPostgres.cluster()
        try await cluster.run(
            "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        let error = try await refusal(cluster.url("latin"))
        #expect(error.code == .notOpen)
        #expect(error.message.contains("ENCODING 'UTF8'"))
    }

    @Test("waits for a server that is not there yet, but not for ever")
    func unreachable() async throws {
        let port = try FreePort.find()
        let error = try await refusal("postgres://me:s3cret@127.0.0.1:\(port)/db", patience: .milliseconds(50))
        #expect(error.code == .unavailable)
        #expect(error.message.contains("127.0.0.1:\(port)/db"))
        #expect(!error.message.contains("s3cret"))
        let cluster = try await PrivatePostgres.start()
        cluster.stop()
        async let opened = openPostgres(cluster.url()) { $0.startPatience = .seconds(30) }
        try await cluster.restart()
        let database = try await opened
        try await database.ping()
        await database.close()
    }

    @Test("on a server without free connections is told so, and comes up when there are some")
    func connections() async throws {
        let cluster = try await PrivatePostgres.start(.init(settings: ["max_connections": "4"]))
        try await cluster.run("CREATE ROLE plain LOGIN PASSWORD 'plain'")
        try await cluster.run("CREATE DATABASE shop OWNER plain")
        let url = cluster.url("shop", user: "plain", password: "plain")
        // Three of four connections are for superusers.
        let first = try await openPostgres(url)
        let error = try await refusal(url)
        #expect(error.code == .unavailable)
        #expect(error.message.contains("53300"))
        async let second = openPostgres(url) { $0.startPatience = .seconds(30) }
        await first.close()
        let database = try await second
        try await database.write { try $0.execute("CREATE TABLE t (id INT)") }
        await database.close()
    }

    @Test("orders texts by their bytes, whatever the locale of the database")
    func collation() async throws {
        let cluster = try await SharedPostgres.cluster()
        let name = try await cluster.createDatabase()
        try await cluster.run(
            """
            CREATE DATABASE \(name)_icu TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' \
            LC_COLLATE 'C' LC_CTYPE 'C'
            """)
        let database = try await openPostgres(cluster.url(name + "_icu"))
        try await DatabaseCheck.makeItems(database)
        try await database.write { session in
            for id in ["b", "B", "a-b", "ab", "é"] { try DatabaseCheck.insert(session, id, 1) }
        }
        #expect(try await DatabaseCheck.ids(database) == ["B", "a-b", "ab", "b", "é"])
        let after = try await database.read {
            try $0.query("SELECT id FROM items WHERE id > $1 ORDER BY id", "a-b").map { try $0.string(0) }
        }
        #expect(after == ["ab", "b", "é"])
        await database.close()
    }
}
