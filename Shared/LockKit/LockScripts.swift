package import RedisKit

/// The steps that Redis executes as one, each a round trip.
///
/// A lock's value is its owner's mark, with a `+` behind it when somebody waits for it: only then is its release
/// announced, on the channel `wake:{SCOPE}`, so that locks which nobody waits for cost nothing more.
package enum LockScripts {
    /// Takes all locks or none, and a fencing number after they are won.
    ///
    /// KEYS: fence, lock… · ARGV: owner, lease in ms, server run. Replies: the fencing number, or the positions of all
    /// locks that others hold, or -1 when the counter is lost. The counter is a field named by the server's run: after
    /// a restart or a failover, which may have lost its last increments, it counts as lost.
    package static let acquire = RedisScript(acquisition(step: 1), takesServerRun: true)

    /// The same on one of several independent masters, whose counters must never meet: each has numbers of its own.
    static let acquireVote = RedisScript(acquisition(step: FencingToken.voters), takesServerRun: true)

    /// Lua's numbers are exact below it; greater fencing numbers are replied as text.
    private static let exactMax: Int64 = 1 << 53

    /// A counter that starts below the first token is not one: the increment has just made it, in place of a lost one.
    private static func acquisition(step: Int64) -> String {
        """
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
        local fence = redis.pcall('HINCRBY', KEYS[1], ARGV[3], '\(step)')
        local isNumber = type(fence) == 'number'
        if isNumber and fence >= \(FencingToken.first.rawValue) then
          if fence < \(exactMax) then return fence end
          return redis.call('HGET', KEYS[1], ARGV[3])
        end
        for i = 2, count do redis.call('DEL', KEYS[i]) end
        if not isNumber then return fence end
        redis.call('HDEL', KEYS[1], ARGV[3])
        return -1
        """
    }

    /// Deletes the locks that still carry the owner's mark, never another's, and wakes who waits for them.
    ///
    /// KEYS: lock… · ARGV: owner. Replies: released + 128 × gone + 16384 × another's. The announcement has a line for
    /// each lock that was waited for: its key and, after a tab, who is first in its queue.
    package static let release = RedisScript(
        """
        local owners = redis.call('MGET', unpack(KEYS))
        local mine, freed
        local result = 0
        for i = 1, #KEYS do
          local owner = owners[i]
          if owner == ARGV[1] or owner == ARGV[1] .. '+' then
            mine = mine or {}
            mine[#mine + 1] = KEYS[i]
            result = result + 1
            if owner ~= ARGV[1] then
              freed = freed or {}
              freed[#freed + 1] = KEYS[i]
            end
          elseif not owner then
            result = result + 128
          else
            result = result + 16384
          end
        end
        if mine then redis.call('DEL', unpack(mine)) end
        if freed then
          \(announcement)
        end
        return result
        """)

    /// Extends all locks when every one is the owner's; else says how many are not.
    ///
    /// KEYS: lock… · ARGV: owner, lease in ms. Replies: 0, or 128 × gone + 16384 × another's.
    static let renew = RedisScript(
        """
        local lost = 0
        for i = 1, #KEYS do
          local owner = redis.call('GET', KEYS[i])
          if not owner then
            lost = lost + 128
          elseif owner ~= ARGV[1] and owner ~= ARGV[1] .. '+' then
            lost = lost + 16384
          end
        end
        if lost == 0 then
          for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
        end
        return lost
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

    /// Makes the next fencing numbers of one of several masters exceed a token that a majority has granted.
    ///
    /// KEYS: fence · ARGV: a number not below the token, server run. Replies: 1, or 0 when the counter is lost.
    /// Numbers are compared as text, longer ones first, for Lua's would be rounded.
    static let raiseFence = RedisScript(
        """
        local fence = redis.call('HGET', KEYS[1], ARGV[2])
        if not fence then return 0 end
        if #fence < #ARGV[1] or #fence == #ARGV[1] and fence < ARGV[1] then
          redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
        end
        return 1
        """, takesServerRun: true)

    /// Publishes the keys in `freed`, each with the first living waiter of its queue.
    static let announcement = """
        local tag = string.match(KEYS[1], '%b{}')
          local lines = {}
          for i = 1, #freed do
            local queue = 'queue:' .. freed[i]
            local first = redis.call('ZRANGE', queue, 0, 0)[1]
            while first and redis.call('EXISTS', 'waiter:' .. tag .. ':' .. first) == 0 do
              redis.call('ZREM', queue, first)
              first = redis.call('ZRANGE', queue, 0, 0)[1]
            end
            lines[i] = freed[i] .. '\\t' .. (first or '')
          end
          redis.call('PUBLISH', 'wake:' .. tag, table.concat(lines, '\\n'))
        """
}
