import Testing

@testable import DatabaseKit

@Suite("An error of SQLite")
struct SQLiteErrorTextTests {
    @Test(
        "shows nothing of an expression that FTS5 cannot read",
        arguments: ["NEAR(a, s3cret)", "s3cret : a", "a AND )s3cret", "\"s3cret"])
    func expression(_ value: String) async throws {
        try await withSQLite { database in
            try await database.migrate([
                Migration(number: 1, name: "texts") { _ in ["CREATE VIRTUAL TABLE texts USING fts5(title)"] }
            ])
            let error = await databaseError {
                _ = try await database.read { session in
                    try session.query("SELECT 1 FROM texts WHERE texts MATCH $1", value)
                }
            }
            #expect(error?.message.contains("s3cret") == false, "\(error?.message ?? "no error")")
            #expect(error?.message.contains("cannot be read") == true, "\(error?.message ?? "no error")")
        }
    }
}
