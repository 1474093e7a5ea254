import Foundation
import TestSupport
import Testing

@testable import DatabaseKit

@Suite("An error of PostgreSQL")
struct PostgresErrorTextTests {
    private static let secret = "s3cret"

    @Test(
        "shows nothing of the values that it is about",
        arguments: [
            ("SELECT CAST($1 AS BIGINT)", secret), ("SELECT CAST($1 AS tsquery)", "'\(secret)"),
            ("SELECT to_tsquery('simple', $1)", "\(secret) & & x"), ("SELECT CAST($1 AS regclass)", secret),
            ("SELECT CAST($1 AS regconfig)", secret),
            ("SELECT CAST($1 AS tsquery)", String(repeating: secret, count: 1000)),
            ("SELECT CAST($1 AS JSON)", "{\(secret)"), ("SELECT query_to_xml($1, true, true, '')", secret),
        ])
    func values(_ sql: String, _ value: String) async throws {
        try await withPostgres { database, _, _ in
            let error = await databaseError { _ = try await database.read { try $0.query(sql, value) } }
            #expect(error?.message.contains(Self.secret) == false, "\(error?.message ?? "no error")")
            #expect(error?.message.contains("SQLSTATE") == true)
        }
    }

    @Test(
        "says what is wrong with a statement",
        arguments: [("SELECT 1 FROM nowhere", "nowhere"), ("SELECT nothing", "nothing"), ("SELECT (1", "syntax")])
    func statements(_ sql: String, _ word: String) async throws {
        try await withPostgres { database, _, _ in
            let error = await databaseError { _ = try await database.read { try $0.query(sql) } }
            let explanation = error?.message.components(separatedBy: "(SQLSTATE").first
            #expect(explanation?.contains(word) == true, "\(error?.message ?? "no error")")
        }
    }
}
