import DatabaseKit
import TestSupport
import Testing

@Suite("PostgreSQL keeps what every database promises")
struct PostgresConformanceTests {
    @Test("a database", arguments: DatabaseCheck.all)
    func keeps(_ check: DatabaseCheck) async throws {
        let cluster = try await SharedPostgres.cluster()
        let database = try await PostgresDatabase.open(cluster.url(try cluster.createDatabase()))
        do {
            try await check.run(database)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }
}
