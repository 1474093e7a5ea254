import Testing

@Suite("PostgreSQL keeps what every database promises")
struct PostgresConformanceTests {
    @Test("a database", arguments: DatabaseCheck.all)
    func keeps(_ check: DatabaseCheck) async throws {
        try await withPostgres { database, _, _ in try await check.run(database) }
    }
}
