import RedisKit

/// The steps that Redis executes as one, each a round trip.
enum LockScripts {
    /// Takes all locks or none, and a fencing number after they are won.
    ///
    /// KEYS: fence, lock… · ARGV: owner, lease in ms, server run. Replies: the last fencing number given (a string,
    /// since Lua's numbers would round it), or the positions of all locks that others hold, or -1 when the counter is
    /// lost. The counter is a field named by the server's run: after a restart or a failover, which may have lost its
    /// last increments, it counts as lost.
    static let acquire = RedisScript(
        """
        local fence = redis.call('HGET', KEYS[1], ARGV[3])
        if not fence then return -1 end
        local count = #KEYS
        for i = 2, count do
          if not redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
            local held = {i - 2}
            for j = i + 1, count do
              if redis.call('EXISTS', KEYS[j]) == 1 then held[#held + 1] = j - 2 end
            end
            for j = 2, i - 1 do redis.call('DEL', KEYS[j]) end
            return held
          end
        end
        redis.call('HINCRBY', KEYS[1], ARGV[3], 1)
        return fence
        """, takesServerRun: true)

    /// Deletes the locks that still carry the owner's mark, never another's.
    ///
    /// KEYS: lock… · ARGV: owner. Replies: released + 128 × gone + 16384 × another's.
    static let release = RedisScript(
        """
        local result = 0
        for i = 1, #KEYS do
          local owner = redis.call('GET', KEYS[i])
          if owner == ARGV[1] then
            redis.call('DEL', KEYS[i])
            result = result + 1
          elseif not owner then
            result = result + 128
          else
            result = result + 16384
          end
        end
        return result
        """)

    /// Starts the counter of a scope at an epoch that the database has just raised.
    ///
    /// KEYS: fence · ARGV: epoch, first fencing number, server run. Replies: 1 when the counter runs, 0 when an
    /// earlier run's is not below this epoch, so that it must be raised again.
    static let installFence = RedisScript(
        """
        local fields = redis.call('HGETALL', KEYS[1])
        local epoch = tonumber(ARGV[1])
        for i = 1, #fields, 2 do
          if math.floor(tonumber(fields[i + 1]) / 1099511627776) >= epoch then
            return fields[i] == ARGV[3] and 1 or 0
          end
        end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], ARGV[3], ARGV[2])
        return 1
        """, takesServerRun: true)
}
