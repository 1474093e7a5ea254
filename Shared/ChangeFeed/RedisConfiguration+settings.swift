package import RedisKit
package import ServiceKit

extension RedisConfiguration {
    /// Reads `REDIS_URL`, or the file that `REDIS_URL_FILE` names.
    package init(changes settings: Settings) throws {
        try self.init(
            url: try settings.secret(
                "REDIS_URL", default: "redis://127.0.0.1:6379", help: "where the stream of changes is"))
    }
}
