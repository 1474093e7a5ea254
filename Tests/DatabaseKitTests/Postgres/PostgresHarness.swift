import DatabaseKit
import TestSupport

/// Runs `body` with a new PostgreSQL database, on `cluster` or on the one that all tests share.
func withPostgres<Result>(
    on cluster: PrivatePostgres? = nil, _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (_ database: PostgresDatabase, _ name: String, _ cluster: PrivatePostgres) async throws -> Result
) async throws -> Result {
    if let cluster { return try await withDatabase(on: cluster, adjust, body) }
    return try await SharedPostgres.use {
        try await withDatabase(on: try await SharedPostgres.cluster(), adjust, body)
    }
}

private func withDatabase<Result>(
    on cluster: PrivatePostgres, _ adjust: (inout PostgresConfiguration) -> Void,
    _ body: (_ database: PostgresDatabase, _ name: String, _ cluster: PrivatePostgres) async throws -> Result
) async throws -> Result {
    let name = try await cluster.createDatabase()
    let database = try await openPostgres(cluster.url(name), adjust)
    do {
        let result = try await body(database, name, cluster)
        await database.close()
        // One that failed stays to be looked at; the cluster goes with the process.
        try await cluster.dropDatabase(name)
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
    configuration.startPatience = .seconds(30)
    configuration.retryDelayMin = .milliseconds(10)
    configuration.retryDelayMax = .milliseconds(100)
    adjust(&configuration)
    return try await PostgresDatabase.open(url, configuration: configuration)
}
