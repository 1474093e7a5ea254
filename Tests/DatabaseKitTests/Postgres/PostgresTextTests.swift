import Testing

@testable import DatabaseKit

@Suite("A URL of PostgreSQL")
struct PostgresAddressTests {
    @Test("gives libpq its parts, and people no password")
    func parts() throws {
        let address = try PostgresAddress("postgresql://me:s3%3Acret@db.example:6000/sales?sslmode=require")
        #expect(address.parameters["password"] == "s3:cret")
        #expect(address.parameters["sslmode"] == "require")
        #expect(address.description == "db.example:6000/sales")
        #expect(address.settings(name: "auth")["client_encoding"] == "UTF8")
        #expect(address.settings(name: "auth")["sslmode"] == "require")
    }

    @Test(
        "that cannot be read is refused without being shown",
        arguments: [
            "postgres://me:s3cret@host:port%zz/db", "postgres://me:s3cret@[host/db", "postgres://me:s3cret@host",
            "postgres://me:s3cret@host/db?nonsense=1", "mysql://me:s3cret@host/db", "",
        ])
    func malformed(_ url: String) {
        let error = #expect(throws: DatabaseError.self) { try PostgresAddress(url) }
        #expect(error?.code == .notOpen)
        #expect(error?.message.contains("s3cret") == false)
        #expect(error?.message.contains(PostgresAddress.form) == true)
    }
}

@Suite("A statement's text")
struct PostgresStatementTests {
    @Test(
        "tells how many parameters it has",
        arguments: [
            ("SELECT 1", 0), ("SELECT $1, $3", 3), ("SELECT '$2', \"$3\", $1", 1), ("SELECT 'it''s $9' || $2", 2),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT $1 $$", 0),
            ("SELECT $a$ $5 $a$, $2", 2), ("SELECT $12", 12),
        ])
    func parameters(_ sql: String, _ count: Int) throws {
        #expect(try PostgresStatement(sql, number: 1).parameterCount == count)
    }

    @Test("tells what it can do")
    func effects() throws {
        #expect(try PostgresStatement(" \n select 1", number: 1).effect == .none)
        #expect(try PostgresStatement("WITH x AS (SELECT 1) SELECT 1", number: 1).effect == .change)
        #expect(try PostgresStatement("RELEASE SAVEPOINT unit", number: 1).effect == .transaction)
        #expect(try PostgresStatement("CREATE TABLE t (id INT)", number: 1).name == nil)
        #expect(try PostgresStatement("UPDATE t SET id = 1", number: 7).name == "s7")
    }

    @Test("has parameters up to the limit of both databases")
    func limit() throws {
        #expect(throws: DatabaseError.self) { try PostgresStatement("SELECT $1000", number: 1) }
    }
}

@Suite("An SQLSTATE")
struct PostgresStateTests {
    @Test(
        "becomes a code that callers know",
        arguments: [
            ("53100", DatabaseError.Code.full), ("53300", .unavailable), ("53200", .ioError), ("57P01", .unavailable),
            ("08006", .unavailable), ("55P03", .busy), ("57014", .busy), ("40001", .busy), ("40P01", .busy),
            ("28P01", .notOpen), ("3D000", .notOpen), ("42501", .notOpen), ("42601", .sql), ("XX001", .ioError),
        ])
    func codes(_ state: String, _ code: DatabaseError.Code) {
        #expect(DatabaseError.code(ofState: state) == code)
    }
}
