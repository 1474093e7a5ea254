import Contracts
import DatabaseKit
import ServiceKit

/// Opens the engine that the configuration names.
enum SearchEngine {
    static func open(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment
    ) async throws -> any SearchIndex {
        switch configuration.engine {
        case .database: return SQLSearchIndex(database: try await openDatabase(environment))
        case .elasticsearch:
            let client = ElasticsearchClient(
                endpoint: configuration.engineEndpoint, authorization: configuration.engineAuthorization,
                http: environment.httpClient)
            return try await ElasticsearchIndex.open(client, prefix: configuration.engineIndex)
        }
    }

    private static func openDatabase(_ environment: ServiceEnvironment) async throws -> any Database {
        do {
            return try await environment.openDatabase(migrations: SearchMigrations.all)
        } catch let error as DatabaseError where error.message.contains("pg_trgm") {
            throw SettingsError(
                "the database of search needs the extension pg_trgm, which its owner may create when the server has "
                    + "PostgreSQL's contributed extensions: \(error.message)")
        }
    }
}
