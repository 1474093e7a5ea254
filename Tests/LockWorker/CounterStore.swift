import LockKit
import RedisKit

/// Counters that nothing guards but the tokens of locks: whoever shows a token below the greatest seen is refused.
///
/// Reading shows the token too. Without that, a late holder could write what it had read before its successor read.
struct CounterStore: FencingEpochSource {
    let redis: RedisClient

    private static let readScript = RedisScript(
        """
        local seen = redis.call('HGET', KEYS[1], 'token') or '0'
        local mine = ARGV[1]
        if #mine < #seen or #mine == #seen and mine < seen then return -1 end
        redis.call('HSET', KEYS[1], 'token', mine)
        return tonumber(redis.call('HGET', KEYS[1], 'value') or '0')
        """)
    private static let writeScript = RedisScript(
        """
        local seen = redis.call('HGET', KEYS[1], 'token') or '0'
        local mine = ARGV[1]
        if #mine < #seen or #mine == #seen and mine < seen then return 0 end
        redis.call('HSET', KEYS[1], 'token', mine, 'value', ARGV[2])
        return 1
        """)

    /// The value of a counter; nil when the token is too old.
    func read(_ counter: String, _ token: FencingToken) async throws -> Int64? {
        let reply = try await redis.evaluate(
            Self.readScript, keys: ["counter:\(counter)"], arguments: [token.description])
        return reply.integer == -1 ? nil : reply.integer
    }

    /// Sets a counter; false when the token is too old.
    func write(_ counter: String, _ value: Int64, _ token: FencingToken) async throws -> Bool {
        let reply = try await redis.evaluate(
            Self.writeScript, keys: ["counter:\(counter)"], arguments: [token.description, String(value)])
        return reply.integer == 1
    }

    func get(_ key: String) async throws -> String? {
        try await redis.send(RedisCommand("GET", key)).string
    }

    func raiseEpoch(scope: String) async throws -> Int64 {
        try await redis.send(RedisCommand("INCR", "epoch:\(scope)")).integer ?? 0
    }
}
