import DatabaseKit
import TestSupport

/// Runs `body` with a new PostgreSQL database, on `cluster` or on the one that all tests share.
func withPostgres<Result>(
    on cluster: PrivatePostgres? = nil, _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (_ database: PostgresDatabase, _ name: String, _ cluster: PrivatePostgres) async throws -> Result
) async throws -> Result {
    let server: PrivatePostgres
    if let cluster { server = cluster } else { server = try await SharedPostgres.cluster() }
    let name = try await server.createDatabase()
    let database = try await openPostgres(server.url(name), adjust)
    do {
        let result = try await body(database, name, server)
        await database.close()
        return result
    } catch {
        await database.close()
        throw error
    }
}

/// Opens the database at `url` with limits of a test: short ones, so that what is stuck shows soon.
func openPostgres(
    _ url: String, _ adjust: (inout PostgresConfiguration) -> Void = { _ in }
) async throws -> PostgresDatabase {
    var configuration = PostgresConfiguration(name: "test", logger: quietLogger)
    configuration.retryDelayMin = .milliseconds(10)
    configuration.retryDelayMax = .milliseconds(100)
    adjust(&configuration)
    return try await PostgresDatabase.open(url, configuration: configuration)
}
