import ChangeFeed
import HTTPKit
import RedisKit
import ServiceKit

/// The settings of the search service besides those that every service has.
///
/// - `REDIS_URL` (`redis://127.0.0.1:6379`): where the stream of changes is
/// - `FOLLOW_INTERVAL_SECONDS` (5): pause between looks at the change feed of events without having been told
/// - `SEARCH_ENGINE` (`database`): `database` is the full text of `DATABASE_URL`, FTS5 or PostgreSQL; `elasticsearch` is
///   a server at `SEARCH_ENGINE_URL`
/// - `SEARCH_ENGINE_URL` (`http://127.0.0.1:9200`): where Elasticsearch or OpenSearch is
/// - `SEARCH_ENGINE_INDEX` (`holdfast-events`): what the names of its indexes begin with
/// - `SEARCH_ENGINE_AUTHORIZATION` (none): the value of the header `Authorization` for it, such as `ApiKey …`
struct SearchConfiguration: Sendable {
    /// Where the index is.
    enum Engine: String, Sendable, CaseIterable {
        case database
        case elasticsearch
    }
    let redis: RedisConfiguration
    let followInterval: Duration
    let engine: Engine
    let engineEndpoint: Endpoint
    let engineIndex: String
    let engineAuthorization: String?

    init(_ settings: Settings) throws {
        redis = try RedisConfiguration(changes: settings)
        followInterval = try settings.seconds(
            "FOLLOW_INTERVAL_SECONDS", default: 5, in: 0.01...60,
            help: "pause between looks at the change feed of events without having been told")
        engine = try settings.choice(
            "SEARCH_ENGINE", default: .database, help: "full text of the database, or an Elasticsearch or OpenSearch")
        engineEndpoint = try settings.endpoint(
            "SEARCH_ENGINE_URL", default: "http://127.0.0.1:9200", help: "where Elasticsearch or OpenSearch is")
        engineIndex = try settings.string(
            "SEARCH_ENGINE_INDEX", default: "holdfast-events", help: "what the names of its indexes begin with")
        engineAuthorization = try settings.optionalSecret(
            "SEARCH_ENGINE_AUTHORIZATION", help: "value of the header Authorization for it")
        guard Self.isIndexName(engineIndex) else {
            throw SettingsError("SEARCH_ENGINE_INDEX must be of small letters, digits and '-', not '\(engineIndex)'")
        }
    }

    /// Whether it may stand in a path and be the name of an index.
    private static func isIndexName(_ text: String) -> Bool {
        text.first?.isLetter == true && text.count <= 100
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}
