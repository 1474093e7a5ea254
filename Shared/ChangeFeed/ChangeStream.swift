package import Contracts
package import RedisKit

/// The Redis stream that tells that events changed: one entry a change, naming the event, its version and its place in
/// the change feed of the events service.
///
/// The stream only tells that there is something to read. It is bounded and may lose its last entries with Redis, or all
/// of them; what is true is in the feed, which followers read from where they stopped.
package struct ChangeStream: Sendable {
    /// The stream's key.
    package let key: String

    /// How many entries the stream keeps, about: a follower that is further behind reads the feed instead.
    static let lengthMax = 10_000

    package init(key: String = "holdfast:events:changes") {
        self.key = key
    }

    /// Tells of changes, in their order.
    ///
    /// - Throws: ``RedisError``; some of them may have been told all the same
    package func publish(_ marks: [EventChangeMark], to redis: RedisClient) async throws(RedisError) {
        let replies = try await redis.send(
            marks.map { mark in
                RedisCommand([
                    "XADD", key, "MAXLEN", "~", String(Self.lengthMax), "*", "event", mark.eventID, "version",
                    String(mark.version), "sequence", String(mark.sequence),
                ])
            })
        for case .error(let reply) in replies { throw RedisError(.server, reply) }
    }
}

extension EventChangeMark {
    /// Reads the fields of an entry; nil for one that somebody else wrote, or whose content is gone.
    init?(fields: [RedisValue]) {
        var values: [String: String] = [:]
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            if let name = fields[index].string { values[name] = fields[index + 1].string }
        }
        guard let eventID = values["event"], let version = values["version"].flatMap({ Int64($0) }),
            let sequence = values["sequence"].flatMap({ Int64($0) })
        else { return nil }
        self.init(eventID: eventID, version: version, sequence: sequence)
    }
}
