import Testing

@Suite("SQLite keeps what every database promises")
struct SQLiteConformanceTests {
    @Test("a database", arguments: DatabaseCheck.all)
    func keeps(_ check: DatabaseCheck) async throws {
        try await withSQLite { try await check.run($0) }
    }
}
